import should from 'should';
import {DeletionWarnings} from '../../../lib/faxes/deletion-warnings';
import {wallStart} from '../../world/manual-clock';

const hour = 3_600_000;
const day = 24 * hour;

const at = (ms: number): string => new Date(ms).toISOString();

describe('The deletion after seven days', () => {
	let deadlines: DeletionWarnings;
	beforeEach(() => {
		deadlines = new DeletionWarnings();
	});

	it('is worth a warning when 48 hours are left, another when 24 are, and no more', () => {
		deadlines.listed('a', at(wallStart), wallStart);
		const told = [];
		for (let ms = 0; ms <= 7 * day; ms += hour / 2) {
			const hours = deadlines.warning('a', wallStart + ms);
			if (hours !== undefined) {
				told.push([hours, ms / hour]);
			}
		}

		should(told).deepEqual([
			[48, 5 * 24],
			[24, 6 * 24],
		]);
	});

	it('is told once with the hours that are really left when the fax was first seen late', () => {
		deadlines.listed('a', at(wallStart), wallStart + 6.75 * day);
		should(deadlines.warning('a', wallStart + 6.75 * day)).equal(6);
		should(deadlines.warning('a', wallStart + 6.8 * day)).be.undefined();
	});

	it('is told for all that certainly still wait, and says when it will be told next', () => {
		for (const id of ['a', 'b', 'c']) {
			deadlines.listed(id, at(wallStart + (id === 'b' ? hour : 0)), wallStart + hour);
		}

		const counts = (id: string): boolean => id !== 'c';
		should(deadlines.nextWarningMs(wallStart)).equal(5 * day);
		should(deadlines.warnings(counts, wallStart + 5 * day)).deepEqual([{id: 'a', hours: 48}]);
		should(deadlines.nextWarningMs(wallStart + 5 * day)).equal(hour);
		should(deadlines.warnings(counts, wallStart + 5 * day + hour)).deepEqual([{id: 'b', hours: 48}]);
		should(deadlines.warnings(counts, wallStart + 6 * day + hour)).deepEqual([
			{id: 'a', hours: 23},
			{id: 'b', hours: 24},
		]);
		should(deadlines.nextWarningMs(wallStart + 6 * day + hour)).be.undefined();
	});

	it('is known for the oldest fax that waits, in whatever order they were listed', () => {
		deadlines.listed('young', at(wallStart), wallStart);
		deadlines.listed('old', at(wallStart - 3 * day), wallStart);
		should([deadlines.oldestMs, deadlines.nextDeletionMs]).deepEqual([wallStart - 3 * day, wallStart + 4 * day]);
		deadlines.forget('old');
		should([deadlines.oldestMs, deadlines.nextDeletionMs]).deepEqual([wallStart, wallStart + 7 * day]);
		deadlines.forget('young');
		should([deadlines.oldestMs, deadlines.nextDeletionMs]).deepEqual([undefined, undefined]);
	});

	it('is unknown where the service does not tell the receipt: then a fax is as old as it has been seen', () => {
		deadlines.listed('a', undefined, wallStart);
		deadlines.listed('a', undefined, wallStart + 6 * day);
		should([deadlines.oldestMs, deadlines.nextDeletionMs]).deepEqual([wallStart, undefined]);
		should([deadlines.warning('a', wallStart + 6 * day), deadlines.nextWarningMs(wallStart)]).deepEqual([
			undefined,
			undefined,
		]);
	});

	it('is forgotten when it is over, for others may have acknowledged the fax long ago', () => {
		deadlines.listed('a', at(wallStart), wallStart);
		deadlines.listed('b', undefined, wallStart + hour);
		deadlines.listed('c', at(wallStart + 8 * day), wallStart + 8 * day);
		should(deadlines.oldestMs).equal(wallStart + 8 * day);
	});

	it('is not put off, nor kept in memory for ever, by a receipt in the future', () => {
		deadlines.listed('a', '9999-01-01T00:00:00Z', wallStart);
		should([deadlines.oldestMs, deadlines.nextDeletionMs]).deepEqual([wallStart, wallStart + 7 * day]);
		deadlines.listed('b', at(wallStart + 8 * day), wallStart + 8 * day);
		should(deadlines.oldestMs).equal(wallStart + 8 * day);
	});
});
