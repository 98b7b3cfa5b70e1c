import {createHash} from 'node:crypto';
import should from 'should';
import {Body, Pace} from '../../../lib/documents/body';
import {ManualClock} from '../../world/manual-clock';
import {Random} from '../../world/random';

const mb = 1024 * 1024;

const gather = (content: Buffer, announced: number | undefined, cut: () => number): ReturnType<Body['finish']> => {
	const body = new Body(announced);
	for (let at = 0; at < content.length;) {
		const end = at + cut();
		body.add(content.subarray(at, end));
		at = end;
	}

	should(body.size).equal(content.length);
	return body.finish();
};

describe('A body', () => {
	it('is what came, with its hash, however it was cut and whatever was announced', () => {
		const random = new Random(7);
		for (const size of [0, 1, 1000, 65_536, 65_537, 200_000, 3 * mb]) {
			const content = Buffer.from(Array.from({length: size}, () => Math.floor(random.next() * 256)));
			for (const announced of [undefined, size, 10, size + 100_000]) {
				for (const cut of [
					() => 65_536,
					() => 1 + Math.floor(random.next() * 100_000),
					() => 1 + Math.floor(random.next() * 50),
				]) {
					const {content: gathered, sha256} = gather(content, announced, cut);
					should(gathered.equals(content)).be.true();
					should(sha256).equal(createHash('sha256').update(content).digest('hex'));
				}
			}
		}
	}).timeout(20_000);

	it('has memory of its own, of exactly its size', () => {
		for (const size of [1, 3000, 100_000, 2 * mb + 1]) {
			for (const announced of [undefined, size, size + 1]) {
				const {content} = gather(Buffer.alloc(size, 1), announced, () => 4000);
				should(content.buffer.byteLength).equal(size);
				should(content.byteOffset).equal(0);
			}
		}
	});

	it('takes about twice its size in memory, not that of its chunks', () => {
		const source = Buffer.alloc(2 * mb, 1);
		const held = (): number => {
			const {heapUsed, arrayBuffers} = process.memoryUsage();
			return heapUsed + arrayBuffers;
		};
		const before = held();
		const body = new Body();
		let most = 0;
		for (let at = 0; at < source.length; at += 1) {
			body.add(source.subarray(at, at + 1));
			most = at % 65_536 === 0 ? Math.max(most, held()) : most;
		}

		const {content} = body.finish();
		should(content.equals(source)).be.true();
		// Each chunk takes more than 100 bytes for as long as it is kept; the rest is room for garbage.
		should(Math.max(most, held()) - before).be.below(2 * source.length + 60 * mb);
	});

	it('allocates nothing on the word of an announced length', () => {
		const before = process.memoryUsage().arrayBuffers;
		const bodies = Array.from({length: 50}, () => new Body(64 * mb));
		for (const body of bodies) {
			body.add(Buffer.from('%PDF-1.4'));
		}

		should(process.memoryUsage().arrayBuffers - before).be.below(50 * 65_536 + mb);
		should(bodies.length).equal(50);
	});
});

describe('The pace of a body', () => {
	const clock = new ManualClock();

	/** Bytes at an interval, until it is too slow or enough time has passed. */
	const drip = (bytes: number, everyMs: number, lastsMs: number): readonly object[] => {
		const seen: object[] = [];
		const pace = new Pace(clock, (facts) => seen.push(facts));
		for (let passedMs = 0; passedMs < lastsMs && seen.length === 0; passedMs += everyMs) {
			clock.advance(everyMs);
			pace.add(bytes);
		}

		pace.stop();
		should(clock.pending).equal(0);
		return seen;
	};

	it('is too slow when a byte comes now and then, within two minutes', () => {
		should(drip(1, 29_000, 90_000)).deepEqual([{bytes: 2, seconds: 60}]);
		should(drip(1, 1000, 90_000)).deepEqual([{bytes: 59, seconds: 60}]);
		should(drip(5000, 59_000, 180_000)).deepEqual([{bytes: 5000, seconds: 60}]);
	});

	it('is fast enough on a slow line, for as long as it takes', () => {
		const day = 86_400_000;
		// 3 kB/s for one download, and 64 kbit/s shared by 30 of them.
		should(drip(3000, 1000, day)).be.empty();
		should(drip(270, 1000, day)).be.empty();
		// In bursts, with pauses of half a minute.
		should(drip(20_000, 30_000, day)).be.empty();
	});

	it('is looked at again after a good minute', () => {
		const seen: object[] = [];
		const pace = new Pace(clock, (facts) => seen.push(facts));
		pace.add(1e6);
		clock.advance(60_000);
		should(seen).be.empty();
		clock.advance(60_000);
		should(seen).deepEqual([{bytes: 0, seconds: 60}]);
		should(clock.pending).equal(0);
		pace.stop();
	});
});
