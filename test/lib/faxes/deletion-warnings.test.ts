import should from 'should';
import {DeletionWarnings} from '../../../lib/faxes/deletion-warnings';
import {wallStart} from '../../world/manual-clock';

const hour = 3_600_000;
const day = 24 * hour;

const at = (ms: number): string => new Date(ms).toISOString();

describe('A warning of the deletion after seven days', () => {
	let deletions: DeletionWarnings;
	beforeEach(() => {
		deletions = new DeletionWarnings();
	});

	it('comes when 48 hours are left, again when 24 are, and no more', () => {
		deletions.listed('a', at(wallStart), wallStart);
		const given = [];
		for (let ms = 0; ms <= 7 * day; ms += hour / 2) {
			const hours = deletions.warning('a', wallStart + ms);
			if (hours !== undefined) {
				given.push([hours, ms / hour]);
			}
		}

		should(given).deepEqual([
			[48, 5 * 24],
			[24, 6 * 24],
		]);
	});

	it('comes later for a customer whose faxes are kept longer', () => {
		deletions.keptMs = 30 * day;
		deletions.listed('a', at(wallStart), wallStart);
		should(deletions.nextDeletionMs).equal(wallStart + 30 * day);
		should(deletions.nextWarningMs(wallStart)).equal(28 * day);
		should(deletions.warning('a', wallStart + 7 * day)).be.undefined();
		should(deletions.warning('a', wallStart + 28 * day)).equal(48);
		// It is still watched after more than seven days, whatever else is listed.
		deletions.listed('b', at(wallStart + 29 * day), wallStart + 29 * day);
		should(deletions.warning('a', wallStart + 29 * day)).equal(24);
	});

	it('comes once, with the hours that are left, for a fax that was first listed late', () => {
		deletions.listed('a', at(wallStart), wallStart + 6.75 * day);
		should(deletions.warning('a', wallStart + 6.75 * day)).equal(6);
		should(deletions.warning('a', wallStart + 6.8 * day)).be.undefined();
	});

	it('comes for all that certainly still wait, and says when the next is due', () => {
		for (const id of ['a', 'b', 'c']) {
			deletions.listed(id, at(wallStart + (id === 'b' ? hour : 0)), wallStart + hour);
		}

		const counts = (id: string): boolean => id !== 'c';
		should(deletions.nextWarningMs(wallStart)).equal(5 * day);
		should(deletions.warnings(counts, wallStart + 5 * day)).deepEqual([{id: 'a', hours: 48}]);
		should(deletions.nextWarningMs(wallStart + 5 * day)).equal(hour);
		should(deletions.warnings(counts, wallStart + 5 * day + hour)).deepEqual([{id: 'b', hours: 48}]);
		should(deletions.warnings(counts, wallStart + 6 * day + hour)).deepEqual([
			{id: 'a', hours: 23},
			{id: 'b', hours: 24},
		]);
		should(deletions.nextWarningMs(wallStart + 6 * day + hour)).equal(Infinity);
	});

	it('knows the oldest fax that waits, in any order of listing', () => {
		deletions.listed('young', at(wallStart), wallStart);
		deletions.listed('old', at(wallStart - 3 * day), wallStart);
		should([deletions.oldestMs, deletions.nextDeletionMs]).deepEqual([wallStart - 3 * day, wallStart + 4 * day]);
		deletions.forget('old');
		should([deletions.oldestMs, deletions.nextDeletionMs]).deepEqual([wallStart, wallStart + 7 * day]);
		deletions.forget('young');
		should([deletions.oldestMs, deletions.nextDeletionMs]).deepEqual([undefined, undefined]);
	});

	it('counts from the first listing where the service does not tell the receipt, and names no deletion then', () => {
		deletions.listed('a', undefined, wallStart);
		deletions.listed('a', undefined, wallStart + 4 * day);
		should([deletions.oldestMs, deletions.nextDeletionMs]).deepEqual([wallStart, undefined]);
		should(deletions.nextWarningMs(wallStart)).equal(5 * day);
		should(deletions.warning('a', wallStart + 5 * day - 1)).be.undefined();
		should(deletions.warning('a', wallStart + 5 * day)).equal(48);
		should(deletions.warning('a', wallStart + 6 * day)).equal(24);
	});

	it('is forgotten after the deletion, for others may have acknowledged the fax long ago', () => {
		deletions.listed('a', at(wallStart), wallStart);
		deletions.listed('b', undefined, wallStart + hour);
		deletions.listed('c', at(wallStart + 8 * day), wallStart + 8 * day);
		should(deletions.oldestMs).equal(wallStart + 8 * day);
	});

	it('is neither put off nor kept in memory for ever by a receipt in the future', () => {
		deletions.listed('a', '9999-01-01T00:00:00Z', wallStart);
		should([deletions.oldestMs, deletions.nextDeletionMs]).deepEqual([wallStart, wallStart + 7 * day]);
		deletions.listed('b', at(wallStart + 8 * day), wallStart + 8 * day);
		should(deletions.oldestMs).equal(wallStart + 8 * day);
	});
});
