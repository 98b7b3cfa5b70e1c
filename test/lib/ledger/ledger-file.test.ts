import {crc32} from 'node:zlib';
import should from 'should';
import {JournalLedger, topicWithUnconfirmed} from '../../../lib/ledger/journal-ledger';
import type {Ledger} from '../../../lib/ledger/ledger';
import type {Failure} from '../../../lib/ledger/ledger-records';
import {testEnvironment, type TestEnvironment} from '../../world/environment';
import {recordsOf} from '../../world/journal-records';
import {wallStart} from '../../world/manual-clock';
import {rejection} from '../../world/turns';

const path = '/state/t.journal';
const failure: Failure = {code: 'RETARUS_TIMEOUT', reason: 'overdue', facts: {id: 'a', topic: 't', seconds: 3}};

const open = async (environment: TestEnvironment, isReadOnly = false): Promise<Ledger> => {
	const ledger = new JournalLedger('t', path, environment, isReadOnly);
	await ledger.open();
	return ledger;
};

const line = (record: unknown): string => {
	const json = JSON.stringify(record);
	return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
};

describe('The file of a ledger', () => {
	let environment: TestEnvironment;
	beforeEach(() => {
		environment = testEnvironment();
	});

	const records = (): unknown[] => recordsOf(environment.files.get(path) ?? '');
	const put = (...lines: readonly unknown[]): void => {
		environment.files.put(path, lines.map(line).join(''));
	};

	/** Closing and opening writes it anew. */
	const reopen = async (ledger: Ledger): Promise<Ledger> => {
		await ledger.close();
		return open(environment);
	};

	it('names its topic first, and then has one line for each thing that must survive', async () => {
		const ledger = await open(environment);
		const atMs = environment.clock.now().wallMs;
		await ledger.deliver('once');
		await ledger.fail('failed', await ledger.deliver('failed'), failure, false);
		await ledger.fail('twice', await ledger.deliver('twice'), failure, true);
		await ledger.deliver('twice');
		await ledger.fail('given back', await ledger.deliver('given back'), failure, true);
		await ledger.deliver('settled');
		await ledger.accept('settled');
		await ledger.confirm('settled');
		await ledger.accept('waiting');
		await reopen(ledger);
		const [first, ...rest] = records();
		should(first).deepEqual({type: 'ledger', version: 1, topic: 't', atMs});
		should(rest).match([
			{type: 'delivered', id: 'once', delivery: 1, atMs},
			{type: 'delivered', id: 'failed', delivery: 1, atMs},
			{type: 'failed', id: 'failed', delivery: 1, atMs, failure, givenBack: false},
			{type: 'failed', id: 'twice', delivery: 1, givenBack: true},
			{type: 'delivered', id: 'twice', delivery: 2, atMs},
			{type: 'delivered', id: 'given back', delivery: 1, atMs},
			{type: 'failed', id: 'given back', delivery: 1, atMs, failure, givenBack: true},
			{type: 'confirmed', id: 'settled', atMs},
			{type: 'accepted', id: 'waiting', atMs},
		]);
		should(rest.length).equal(9);
	});

	it('says of a delivery given back before the last one no more than that it was', async () => {
		const ledger = await open(environment);
		await ledger.fail('a', await ledger.deliver('a'), failure, true);
		await ledger.fail('a', await ledger.deliver('a'), failure, false);
		const next = await reopen(await reopen(ledger));
		should([1, 2].map((delivery) => next.wasGivenBack('a', delivery))).deepEqual([true, false]);
		should(next.lastDelivery('a')).match({delivery: 2, failure});
	});

	it('has on its first line how far the steady clock has come, whatever the one on the wall says', async () => {
		const ledger = await open(environment);
		const begunMs = environment.clock.now().wallMs;
		environment.clock.advance(5000);
		environment.clock.jumpWall(-3_600_000);
		environment.files.faults.freeBytes = 0;
		await rejection(ledger.accept('never'));
		environment.files.mend();
		await ledger.open();
		should(records()[0]).deepEqual({type: 'ledger', version: 1, topic: 't', atMs: begunMs + 5000});
	});

	it('with a first line of no use still forgets what is eight days old', async () => {
		put(
			{type: 'ledger', version: 1, topic: 't', atMs: 'soon'},
			{type: 'confirmed', id: 'old', atMs: wallStart - 9 * 86_400_000},
			{type: 'confirmed', id: 'new', atMs: wallStart},
		);
		await open(environment);
		const ledger = await open(testEnvironment({files: environment.files.afterKill(), clock: environment.clock}));
		should(['old', 'new'].map((id) => ledger.settlement(id))).deepEqual([undefined, 'confirmed']);
	});

	for (const [version, isKept] of [
		[1, false],
		[2, true],
		['1', true],
		[undefined, true],
	] as const) {
		it(`of version ${version ?? 'none'} is ${isKept ? 'kept beside the new one' : 'replaced'}`, async () => {
			put({type: 'ledger', version, topic: 't'}, {type: 'accepted', id: 'a', atMs: wallStart});
			const ledger = new JournalLedger('t', path, environment, false);
			should((await ledger.open()) !== undefined).equal(isKept);
			should([...ledger.unconfirmed]).deepEqual(['a']);
			should(environment.files.names().length).equal(isKept ? 2 : 1);
		});
	}

	it('that has lost its end still tells a reason that can be shown', async () => {
		const ledger = await open(environment);
		await ledger.fail('a', await ledger.deliver('a'), failure, true);
		await ledger.deliver('a');
		await reopen(ledger);
		const lines = (environment.files.get(path) ?? '').split('\n');
		environment.files.put(path, `${lines.slice(0, 2).join('\n')}\n`);
		should((await open(environment)).lastDelivery('a')).match({
			delivery: 1,
			failure: {code: 'RETARUS_TIMEOUT', reason: 'processEnded', facts: {id: 'a', topic: 't'}},
		});
	});

	it('that is missing makes an empty ledger, in trial mode too', async () => {
		should((await open(environment, true)).unconfirmed.size).equal(0);
	});

	describe('holds lines of another version, which', () => {
		const foreign: readonly unknown[] = [
			null,
			5,
			'x',
			true,
			[],
			[{type: 'accepted', id: 'a', atMs: wallStart}],
			{},
			{type: 'future', id: 'a', atMs: wallStart},
			{type: ['accepted'], id: 'a', atMs: wallStart},
			{id: 'a', atMs: wallStart},
			{type: 'accepted', atMs: wallStart},
			{type: 'accepted', id: 5, atMs: wallStart},
			{type: 'accepted', id: 'a'},
			{type: 'accepted', id: 'a', atMs: String(wallStart)},
			{type: 'confirmed', id: 'a', atMs: null},
			{type: 'refused', id: ['a'], atMs: wallStart},
			{type: 'delivered', id: 'a', atMs: wallStart},
			{type: 'delivered', id: 'a', atMs: wallStart, delivery: '1'},
			{type: 'delivered', id: 'a', delivery: 1},
			...[
				undefined,
				5,
				null,
				'x',
				[],
				{},
				{...failure, code: 5},
				{...failure, reason: 5},
				{...failure, facts: 'x'},
				{code: 'RETARUS_TIMEOUT', facts: {}},
				{reason: 'overdue', facts: {}},
			].map((other) => ({type: 'failed', id: 'a', delivery: 1, atMs: wallStart, failure: other, givenBack: true})),
			{type: 'failed', id: 'a', delivery: '1', atMs: wallStart, failure, givenBack: true},
			{type: 'failed', id: 'a', atMs: wallStart, failure, givenBack: true},
			{type: 'ledger', version: 1, topic: 5},
			{type: 'ledger', version: 1},
		];
		for (const record of foreign) {
			it(`are skipped: ${JSON.stringify(record)}`, async () => {
				put({type: 'ledger', version: 1, topic: 't'}, record, {type: 'accepted', id: 'other', atMs: wallStart});
				const waiting = await topicWithUnconfirmed(environment.files, path);
				for (const ledger of [await open(environment, true), await open(environment)]) {
					should([...ledger.unconfirmed]).deepEqual(['other']);
					should([
						ledger.settlement('a'),
						ledger.deliveries('a'),
						ledger.lastDelivery('a'),
						ledger.wasGivenBack('a', 1),
					]).deepEqual([undefined, 0, undefined, false]);
				}

				should(records().length).equal(2);
				should(waiting).equal('t');
			});
		}

		it('do not give back what they do not say was given back', async () => {
			put(
				{type: 'failed', id: 'a', delivery: 1, atMs: wallStart, failure, givenBack: 'yes'},
				{type: 'failed', id: 'b', delivery: 1, atMs: wallStart, failure},
			);
			const ledger = await open(environment);
			should(['a', 'b'].map((id) => [ledger.deliveries(id), ledger.wasGivenBack(id, 1)])).deepEqual([
				[1, false],
				[1, false],
			]);
		});
	});

	describe('asked by name alone for its topic', () => {
		const found = (...lines: readonly unknown[]): Promise<string | undefined> => {
			put({type: 'ledger', version: 1, topic: 't'}, ...lines);
			return topicWithUnconfirmed(environment.files, path);
		};
		const a = {id: 'a', atMs: wallStart};

		it('does not tell it for an acknowledge that the service refused', async () => {
			should(await found({type: 'accepted', ...a}, {type: 'refused', ...a})).be.undefined();
		});

		it('tells it for an acknowledge accepted again after it was refused', async () => {
			should(await found({type: 'accepted', ...a}, {type: 'refused', ...a}, {type: 'accepted', ...a})).equal('t');
		});

		it('tells it while one of several waits', async () => {
			should(
				await found({type: 'accepted', ...a}, {type: 'accepted', id: 'b', atMs: wallStart}, {type: 'confirmed', ...a}),
			).equal('t');
		});
	});

	it('is read once: what could not be made safe is not taken up from it later', async () => {
		const ledger = await open(environment);
		environment.files.faults.sync = true;
		environment.files.faults.rename = true;
		await rejection(ledger.accept('a'));
		should(environment.files.get(path)).match(/"accepted","id":"a"/);
		environment.files.mend();
		await ledger.open();
		should(ledger.settlement('a')).be.undefined();
		should((await reopen(ledger)).settlement('a')).be.undefined();
	});
});

describe('A delivery in the ledger', () => {
	it('is the last one, whatever comes late about an earlier one', async () => {
		const environment = testEnvironment();
		const ledger = await open(environment);
		await ledger.deliver('a');
		environment.clock.advance(1000);
		const secondMs = environment.clock.now().wallMs;
		await ledger.deliver('a');
		environment.clock.advance(1000);
		await ledger.fail('a', 1, failure, true);
		should(ledger.lastDelivery('a')).deepEqual({delivery: 2, atMs: secondMs, failure: undefined});
		should([1, 2].map((delivery) => ledger.wasGivenBack('a', delivery))).deepEqual([true, false]);
		should(
			(await open(testEnvironment({files: environment.files.afterKill(), clock: environment.clock}))).lastDelivery('a'),
		).deepEqual({delivery: 2, atMs: secondMs, failure: undefined});
	});
});
