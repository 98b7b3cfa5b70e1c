import {randomBytes} from 'node:crypto';
import {promises as fs} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {crc32} from 'node:zlib';
import should from 'should';
import {realEnvironment} from '../../../lib/environment';
import {JournalLedger} from '../../../lib/ledger/journal-ledger';
import type {Ledger} from '../../../lib/ledger/ledger';
import {testEnvironment, type TestEnvironment} from '../../world/environment';
import {MemoryFiles} from '../../world/memory-files';
import {rejection} from '../../world/turns';

const path = '/state/t.journal';
const ids = ['a', 'b', 'c', 'ü@d', 'e'];
/** Nobody has accepted these. */
const others = ['x', 'A', 'f', '', 'undefined'];

const line = (json: string): string => `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;

/** Every id accepted, in order. */
const written = async (): Promise<Buffer> => {
	const environment = testEnvironment();
	const ledger = new JournalLedger('t', path, environment, false);
	await ledger.open();
	for (const id of ids) {
		await ledger.accept(id);
	}

	await ledger.close();
	return Buffer.from(environment.files.get(path) ?? '');
};

interface Outcome {
	readonly accepted: readonly string[];
	readonly setAside: string | undefined;
	readonly environment: TestEnvironment;
}

/** Opens what is on the disk, and goes on working with it. */
const openDamaged = async (content: Buffer): Promise<Outcome> => {
	const files = new MemoryFiles();
	files.put(path, content);
	const environment = testEnvironment({files});
	const ledger = new JournalLedger('t', path, environment, false);
	const setAside = await ledger.open();
	should([...ids, ...others].filter((id) => ledger.settlement(id) === 'accepted')).deepEqual([...ledger.unconfirmed]);
	const accepted = [...ledger.unconfirmed];
	should(accepted.every((id) => ids.includes(id))).be.true('nothing is invented');
	if (setAside !== undefined) {
		should(files.get(setAside)).equal(content.toString('utf8'), 'what was damaged is kept as it was');
	}

	await ledger.accept('afterwards');
	const next = new JournalLedger('t', path, testEnvironment({files: files.afterPowerCut()}), false);
	should(await next.open()).be.undefined();
	should([...next.unconfirmed]).deepEqual([...accepted, 'afterwards'], 'it goes on');
	return {accepted, setAside, environment};
};

describe('A damaged ledger', () => {
	let content: Buffer;
	/** Where each line begins, and the end. */
	let starts: readonly number[];
	beforeEach(async () => {
		content = await written();
		starts = [0, ...[...content.entries()].filter(([, byte]) => byte === 10).map(([index]) => index + 1)];
	});

	/** The ids of which the whole line is within so many bytes. */
	const acceptedWithin = (bytes: number): readonly string[] =>
		ids.filter((_, index) => (starts[index + 2] ?? Infinity) <= bytes);

	it('that was cut at any byte is whole up to there', async () => {
		for (let bytes = 0; bytes <= content.length; bytes += 1) {
			const {accepted, setAside} = await openDamaged(content.subarray(0, bytes));
			should(accepted).deepEqual(acceptedWithin(bytes), `cut at ${bytes}`);
			// The beginning is never torn: a file gets its name when it is complete.
			should(setAside !== undefined).equal(bytes > 0 && bytes < (starts[1] ?? 0), `cut at ${bytes}`);
		}
	});

	it('in which any bit of the last two lines has flipped is whole up to there, or set aside', async () => {
		const from = starts.at(-3) ?? 0;
		for (let bit = 8 * from; bit < 8 * content.length; bit += 1) {
			const flipped = Buffer.from(content);
			flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
			const {accepted, setAside} = await openDamaged(flipped);
			const before = acceptedWithin(from);
			should(accepted.slice(0, before.length)).deepEqual(before, `bit ${bit}`);
			should(setAside !== undefined || before.length + 1 >= accepted.length).be.true(`bit ${bit}`);
		}
	});

	it('in which any byte of the middle is another is set aside, and keeps all other lines', async () => {
		const [, from = 0, , to = 0] = starts;
		for (let index = from; index < to - 1; index += 1) {
			const changed = Buffer.from(content);
			changed[index] = 0x23;
			const {accepted, setAside} = changed.equals(content)
				? {accepted: ['a'], setAside: ''}
				: await openDamaged(changed);
			should(setAside).not.be.undefined();
			// Without the end of a line two are bad.
			should(accepted.length).be.aboveOrEqual(
				changed.equals(content) ? 1 : ids.length - (content[index] === 10 ? 2 : 1),
			);
		}
	});

	const appended: readonly (readonly [name: string, tail: Buffer])[] = [
		['garbage', randomBytes(300)],
		['zeros', Buffer.alloc(4096)],
		['part of a record', Buffer.from('12345678 {"type":"acce')],
		['a record without its end', Buffer.from(line('{"type":"accepted","id":"x","atMs":1}').slice(0, -1))],
		['a record with the checksum of another', Buffer.from('12345678 {"type":"accepted","id":"x","atMs":1}\n')],
		['empty lines', Buffer.from('\n\n\n')],
		['a checksum of nothing', Buffer.from('00000000 \n')],
	];
	for (const [name, tail] of appended) {
		it(`to which ${name} was appended is whole`, async () => {
			should((await openDamaged(Buffer.concat([content, tail]))).accepted).deepEqual(ids);
		});
	}

	it('in which every line is there twice says the same', async () => {
		const lines = content.toString('utf8').split('\n').slice(0, -1);
		for (const twice of [[...lines, ...lines], lines.flatMap((one) => [one, one])]) {
			const {accepted, setAside} = await openDamaged(Buffer.from(`${twice.join('\n')}\n`));
			should(accepted).deepEqual(ids);
			should(setAside).be.undefined();
		}
	});

	it('whose line ends a tool has changed says the same', async () => {
		const {accepted, setAside} = await openDamaged(Buffer.from(content.toString('utf8').replaceAll('\n', '\r\n')));
		should(accepted).deepEqual(ids);
		should(setAside).be.undefined();
	});

	it('that is empty, or holds only its first line, is one without any fax', async () => {
		for (const bytes of [0, starts[1] ?? 0]) {
			const {accepted, setAside} = await openDamaged(content.subarray(0, bytes));
			should(accepted).be.empty();
			should(setAside).be.undefined();
		}
	});

	const strange: readonly (readonly [name: string, content: () => Buffer])[] = [
		['10 MB of garbage', () => randomBytes(10_000_000)],
		['10 MB of empty lines', () => Buffer.alloc(10_000_000, '\n')],
		['zeros', () => Buffer.alloc(100_000)],
		['a document', () => Buffer.from('%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n')],
		['JSON of somebody else', () => Buffer.from('[{"type":"accepted","id":"x"}]')],
	];
	for (const [name, make] of strange) {
		it(`that is ${name} is set aside, and a new one is begun`, async () => {
			const {accepted, setAside} = await openDamaged(make());
			should(accepted).be.empty();
			should(setAside).equal(`${path}.damaged-${testEnvironment().clock.now().wallMs}`);
		}).timeout(30_000);
	}

	it('of another version is read as far as it is understood, and kept as it was', async () => {
		const later = [
			'{"type":"ledger","version":2,"topic":"t"}',
			'{"type":"accepted","id":"a","atMs":1}',
			'{"type":"accepted","id":"b","atMs":1,"how":"later"}',
			'{"type":"moved","id":"x","atMs":1}',
		];
		const {accepted, setAside} = await openDamaged(Buffer.from(later.map((json) => line(json)).join('')));
		should(accepted).deepEqual(['a', 'b']);
		should(setAside).not.be.undefined();
	});

	it('is set aside once, not at every start', async () => {
		const {environment} = await openDamaged(Buffer.from('garbage\n'));
		should(environment.files.names().length).equal(2);
		await new JournalLedger('t', path, environment, false).open();
		should(environment.files.names().length).equal(2);
	});
});

describe('A ledger on the real disk', () => {
	let folder: string;
	let file: string;
	let opened: Ledger[];
	beforeEach(async () => {
		opened = [];
		folder = await fs.mkdtemp(join(tmpdir(), 'damage-'));
		file = join(folder, 't.journal');
	});
	afterEach(async () => {
		await Promise.all(opened.map((ledger) => ledger.close()));
		await fs.rm(folder, {recursive: true, force: true});
	});

	const open = async (): Promise<{readonly ledger: Ledger; readonly setAside: string | undefined}> => {
		const ledger = new JournalLedger('t', file, realEnvironment, false);
		opened.push(ledger);
		return {ledger, setAside: await ledger.open()};
	};

	it('that is garbage is set aside for nobody but its owner, and a new one is begun', async () => {
		const garbage = randomBytes(1000);
		await fs.writeFile(file, garbage);
		const {ledger, setAside = ''} = await open();
		await ledger.accept('a');
		await ledger.close();
		should((await fs.readFile(setAside)).equals(garbage)).be.true();
		should((await fs.stat(setAside)).mode & 0o777).equal(0o600);
		should([...(await open()).ledger.unconfirmed]).deepEqual(['a']);
	});

	it('that was cut anywhere in its last line is whole before', async () => {
		await fs.writeFile(file, await written());
		const {size} = await fs.stat(file);
		for (let bytes = size - 1; bytes > size - 40; bytes -= 3) {
			await fs.writeFile(file, (await written()).subarray(0, bytes));
			const {ledger, setAside} = await open();
			should([...ledger.unconfirmed]).deepEqual(ids.slice(0, -1));
			should(setAside).be.undefined();
			await ledger.close();
		}
	});

	it('with a folder in its place says so, and works once that is gone', async () => {
		await fs.mkdir(file);
		const ledger = new JournalLedger('t', file, realEnvironment, false);
		should(await rejection(ledger.open())).match({code: 'EISDIR'});
		should(ledger.isUsable).be.false();
		await rejection(ledger.accept('a'));
		await fs.rmdir(file);
		await ledger.open();
		await ledger.accept('a');
		await ledger.close();
		should([...(await open()).ledger.unconfirmed]).deepEqual(['a']);
	});

	it('that cannot be read says so, and loses nothing', async () => {
		const environment = testEnvironment();
		environment.files.put(path, await written());
		environment.files.faults.read = true;
		const ledger = new JournalLedger('t', path, environment, false);
		should(await rejection(ledger.open())).match({code: 'EIO'});
		await rejection(ledger.accept('x'));
		should(environment.files.names()).deepEqual([path]);
		environment.files.mend();
		await ledger.open();
		should([...ledger.unconfirmed]).deepEqual(ids);
	});
});
