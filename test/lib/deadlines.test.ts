import should from 'should';
import {Deadlines} from '../../lib/deadlines';
import {wallStart} from '../helpers/manual-clock';

const hour = 3_600_000;
const day = 24 * hour;

const at = (ms: number): string => new Date(ms).toISOString();

describe('The deletion after seven days', () => {
	let deadlines: Deadlines;
	beforeEach(() => {
		deadlines = new Deadlines();
	});

	it('is worth a warning when 48 hours are left, another when 24 are, and no more', () => {
		const receivedAt = at(wallStart);
		const told = [];
		for (let ms = 0; ms <= 7 * day; ms += hour / 2) {
			const hours = deadlines.listed('a', receivedAt, wallStart + ms);
			if (hours !== undefined) {
				told.push([hours, ms / hour]);
			}
		}

		should(told).deepEqual([[48, 5 * 24], [24, 6 * 24]]);
	});

	it('is told once with the hours that are really left when the fax was first seen late', () => {
		should(deadlines.listed('a', at(wallStart), wallStart + 6.75 * day)).equal(6);
		should(deadlines.listed('a', at(wallStart), wallStart + 6.8 * day)).be.undefined();
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
		should(deadlines.listed('a', undefined, wallStart)).be.undefined();
		should(deadlines.listed('a', undefined, wallStart + 6 * day)).be.undefined();
		should([deadlines.oldestMs, deadlines.nextDeletionMs]).deepEqual([wallStart, undefined]);
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
