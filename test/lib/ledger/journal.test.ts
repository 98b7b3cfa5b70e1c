import should from 'should';
import {Journal} from '../../../lib/ledger/journal';
import {recordsOf} from '../../world/journal-records';
import {MemoryFiles} from '../../world/memory-files';
import {rejection, turns, watch} from '../../world/turns';

const path = '/state/a.journal';

/** A journal whose state is the list of all its records. */
class Log {
	readonly records: unknown[] = [];
	readonly journal: Journal;

	constructor(files: MemoryFiles, snapshot?: (records: readonly unknown[]) => readonly unknown[]) {
		this.journal = new Journal({
			files,
			path,
			apply: (record) => {
				this.records.push(record);
			},
			snapshot: () => snapshot?.(this.records) ?? this.records,
			wallMs: () => 77,
		});
	}

	async open(): Promise<string | undefined> {
		await this.journal.recover();
		await this.journal.heal();
		return this.journal.takeSetAside();
	}
}

const opened = async (files: MemoryFiles): Promise<Log> => {
	const log = new Log(files);
	await log.open();
	return log;
};

/** What another process finds on the disk. */
const found = async (files: MemoryFiles): Promise<unknown[]> => (await opened(files)).records;

describe('The journal', () => {
	let files: MemoryFiles;
	beforeEach(() => {
		files = new MemoryFiles();
	});

	it('gives the same records, in order, to the next process', async () => {
		const {journal} = await opened(files);
		const records = [{id: 'a'}, 'ü\u2028\ud83d\ude00', 3, null, ['x\ny']];
		for (const record of records) {
			await journal.append(record, 'written');
		}

		await journal.close();
		should(await found(files)).deepEqual(records);
	});

	it('writes what gathered during a write with one write and one sync', async () => {
		const {journal} = await opened(files);
		const release = files.holdAppends();
		const appends = [1, 2, 3, 4].map((record) => journal.append(record, 'durable'));
		await turns();
		files.calls.length = 0;
		release();
		await Promise.all(appends);
		should(files.calls).deepEqual(['sync', 'append', 'sync']);
	});

	it('resolves a durable append only after the sync, a written one before it', async () => {
		const {journal, records} = await opened(files);
		const order: string[] = [];
		await Promise.all([
			journal.append('first', 'written').then(() => order.push('first')),
			journal.append('durable', 'durable').then(() => order.push(`durable ${String(files.calls.at(-1))}`)),
			journal.append('written', 'written').then(() => order.push('written')),
		]);
		should(order).deepEqual(['first', 'written', 'durable sync']);
		should(records).deepEqual(['first', 'written', 'durable']);
	});

	it('keeps a durable record through a power cut', async () => {
		const {journal} = await opened(files);
		await journal.append('kept', 'durable');
		await journal.append('may be lost', 'written');
		should(await found(files.afterPowerCut())).deepEqual(['kept']);
		should(await found(files.afterKill())).deepEqual(['kept', 'may be lost']);
	});

	it('takes no record before the file was read, nor after it was closed', async () => {
		const {journal} = new Log(files);
		should(await rejection(journal.append(1, 'written'))).match({message: 'the journal was not read yet'});
		await journal.recover();
		await journal.close();
		should(await rejection(journal.append(1, 'written'))).match({message: 'the journal is closed'});
	});

	it('writes what waits before it closes, and leaves no handle open', async () => {
		const {journal} = await opened(files);
		const release = files.holdAppends();
		const appends = Promise.all([journal.append(1, 'durable'), journal.append(2, 'durable')]);
		const closed = journal.close();
		await turns();
		release();
		await Promise.all([appends, closed]);
		should(files.openHandles).equal(0);
		should(await found(files)).deepEqual([1, 2]);
	});

	describe('when it finds damage', () => {
		const written = async (...records: readonly unknown[]): Promise<string> => {
			const {journal} = await opened(files);
			for (const record of records) {
				await journal.append(record, 'written');
			}

			await journal.close();
			return files.get(path) ?? '';
		};

		const tails: readonly (readonly [string, (content: string) => string])[] = [
			['half a line', (content) => content.slice(0, -5)],
			['a line without its end', (content) => content.slice(0, -1)],
			['a hole of zeros', (content) => `${content.split('\n').slice(0, 2).join('\n')}\n${'\0'.repeat(40)}`],
			[
				'a line that ends after its checksum',
				(content) => `${content.split('\n').slice(0, 2).join('\n')}\n00000000 \n`,
			],
			['two bad lines', (content) => `${content.split('\n').slice(0, 2).join('\n')}\nxx\n00000000 {"a":1}\n`],
		];
		for (const [name, cut] of tails) {
			it(`cuts ${name} from the end without a word, and goes on`, async () => {
				files.put(path, cut(await written('a', 'b', 'c')));
				const log = new Log(files);
				should(await log.open()).be.undefined();
				should(log.records).deepEqual(['a', 'b']);
				await log.journal.append('d', 'durable');
				should(await found(files)).deepEqual(['a', 'b', 'd']);
				should(files.names()).deepEqual([path]);
			});
		}

		it('sets a file damaged in the middle aside and keeps every readable record', async () => {
			const damaged = (await written('a', 'b', 'c')).replace('"b"', '"x"');
			files.put(path, damaged);
			const log = new Log(files);
			should(await log.open()).equal(`${path}.damaged-77`);
			should(log.records).deepEqual(['a', 'c']);
			should(files.get(`${path}.damaged-77`)).equal(damaged);
			should(await found(files)).deepEqual(['a', 'c']);
		});

		it('loses no readable record when it is killed before the damaged file was written anew', async () => {
			files.put(path, (await written('a', 'b', 'c')).replace('"b"', '"x"'));
			await new Log(files).journal.recover();
			should(await found(files.afterKill())).deepEqual(['a', 'c']);
		});

		it('loses no readable record when the disk is full', async () => {
			files.put(path, (await written('a', 'b', 'c')).replace('"b"', '"x"'));
			files.faults.freeBytes = 0;
			await rejection(new Log(files).open());
			should(await found(files.afterKill())).deepEqual(['a', 'c']);
		});

		it('believes no line whose checksum is that of another', () => {
			should(recordsOf('00000000 {"type":"accepted"}\nshort\n\n')).deepEqual([]);
		});
	});

	describe('on a disk that fails', () => {
		it('writes the file anew after a failed write, before it confirms anything', async () => {
			const {journal} = await opened(files);
			await journal.append('a', 'durable');
			files.faults.appendAfterBytes = 4;
			const append = watch(journal.append('b', 'durable'));
			await turns();
			should(append.state).equal('rejected');
			should(journal.isUsable).be.false();
			files.mend();
			await journal.append('c', 'durable');
			should(journal.isUsable).be.true();
			should(await found(files.afterPowerCut())).deepEqual(['a', 'c']);
		});

		it('retries a batch in a new file when only its write into the old one failed', async () => {
			const {journal} = await opened(files);
			files.faults.appendAfterBytes = 4;
			const release = files.holdAppends();
			const append = journal.append('b', 'durable');
			release();
			await Promise.resolve();
			files.mend();
			await append;
			should(await found(files.afterPowerCut())).deepEqual(['b']);
		});

		it('never trusts a file again whose sync failed, even if the next sync succeeds', async () => {
			const log = await opened(files);
			await log.journal.append('a', 'durable');
			files.faults.sync = true;
			const rejected = log.journal.append('b', 'durable');
			await rejection(rejected);
			files.mend();
			files.calls.length = 0;
			await log.journal.append('c', 'durable');
			should(files.calls).deepEqual([
				`open ${path}.new`,
				'append',
				'sync',
				`rename ${path}.new ${path}`,
				'syncFolder /state',
			]);
			should(log.records).deepEqual(['a', 'c']);
			should(await found(files.afterPowerCut())).deepEqual(['a', 'c']);
		});

		it('keeps the written records of a batch whose sync failed', async () => {
			const log = await opened(files);
			files.faults.sync = true;
			const first = log.journal.append('written 1', 'written');
			const batch = [log.journal.append('written 2', 'written'), rejection(log.journal.append('durable', 'durable'))];
			await first;
			await Promise.all(batch);
			files.mend();
			await log.journal.heal();
			should(await found(files.afterPowerCut())).deepEqual(['written 1', 'written 2']);
		});

		it('does not take a rejected record into memory', async () => {
			const log = await opened(files);
			files.faults.freeBytes = 0;
			await rejection(log.journal.append('a', 'written'));
			should(log.records).be.empty();
		});

		for (const fault of ['open', 'rename', 'syncFolder', 'sync'] as const) {
			it(`heals after ${fault} failed, and says so as long as it fails`, async () => {
				const {journal} = await opened(files);
				files.faults.appendAfterBytes = 0;
				files.faults[fault] = true;
				await rejection(journal.append('a', 'durable'));
				delete files.faults.appendAfterBytes;
				await rejection(journal.heal());
				should(journal.isUsable).be.false();
				files.mend();
				await journal.heal();
				should(journal.isUsable).be.true();
				await journal.append('b', 'durable');
				should(await found(files.afterPowerCut())).deepEqual(['b']);
				await journal.close();
				should(files.openHandles).equal(0);
			});
		}
	});

	describe('when it is compacted', () => {
		/** Keeps the last record only. */
		const last = (records: readonly unknown[]): readonly unknown[] => records.slice(-1);

		const fillUp = async (log: Log, count: number): Promise<void> => {
			await Promise.all(Array.from({length: count}, (_, index) => log.journal.append(index, 'written')));
			await turns();
		};

		it('holds the snapshot and what came after it', async () => {
			const log = new Log(files, last);
			await log.open();
			await fillUp(log, 2500);
			should(files.get(path)?.split('\n').length).equal(2, 'one record and the end');
			await log.journal.append('after', 'durable');
			should(await found(files.afterPowerCut())).deepEqual([2499, 'after']);
			should(files.openHandles).equal(1);
		});

		it('holds the records with which it became too long', async () => {
			const log = await opened(files);
			await fillUp(log, 2000);
			await log.journal.append('durable', 'durable');
			await turns();
			should(files.calls.at(-1)).equal('syncFolder /state', 'it was written anew');
			should((await found(files.afterPowerCut())).slice(-2)).deepEqual([1999, 'durable']);
		});

		it('loses nothing that is appended while the new file is written', async () => {
			const log = await opened(files);
			await fillUp(log, 2100);
			const release = files.holdAppends();
			const more = Promise.all([log.journal.append('x', 'durable'), log.journal.append('y', 'written')]);
			await turns();
			release();
			await more;
			should((await found(files.afterKill())).slice(-2)).deepEqual(['x', 'y']);
		});

		it('keeps the old file when the new one cannot be written', async () => {
			const log = await opened(files);
			await fillUp(log, 1990);
			files.faults.rename = true;
			await fillUp(log, 100);
			await log.journal.append('after', 'durable');
			should(log.journal.isUsable).be.true();
			should(await found(files.afterPowerCut())).deepEqual(log.records);
		});

		it('does not go on in the old file once the new one has its name', async () => {
			const log = await opened(files);
			await fillUp(log, 1990);
			files.faults.syncFolder = true;
			await fillUp(log, 100);
			files.mend();
			files.faults.open = true;
			const append = watch(log.journal.append('after', 'durable'));
			await turns();
			should(append.state).equal('rejected');
			should(log.journal.isUsable).be.false();
			files.mend();
			await log.journal.append('after', 'durable');
			should(await found(files.afterKill())).deepEqual(log.records);
			should(log.records.at(-1)).equal('after');
		});
	});
});
