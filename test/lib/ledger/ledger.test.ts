import {crc32} from 'node:zlib';
import should from 'should';
import {JournalLedger, topicWithUnconfirmed} from '../../../lib/ledger/journal-ledger';
import type {Ledger} from '../../../lib/ledger/ledger';
import type {Failure} from '../../../lib/ledger/ledger-records';
import {testEnvironment, type TestEnvironment} from '../../world/environment';
import {Random} from '../../world/random';
import {rejection, turns} from '../../world/turns';

const path = '/state/t.journal';
const dayMs = 86_400_000;
const failure: Failure = {code: 'RETARUS_TIMEOUT', reason: 'overdue', facts: {id: 'a', topic: 't', seconds: 3}};

const open = async (environment: TestEnvironment, isReadOnly = false): Promise<Ledger> => {
	const ledger = new JournalLedger('t', path, environment, isReadOnly);
	await ledger.open();
	return ledger;
};

/** Everything that the ledger tells about some ids. */
const view = (ledger: Ledger, ids: readonly string[]): unknown => ({
	unconfirmed: [...ledger.unconfirmed],
	faxes: ids.map((id) => ({
		id,
		settlement: ledger.settlement(id),
		deliveries: ledger.deliveries(id),
		last: ledger.lastDelivery(id),
		givenBack: [1, 2, 3, 4, 5, 6, 7, 8].filter((delivery) => ledger.wasGivenBack(id, delivery)),
	})),
});

/** A failed write makes the next one a rewrite from the snapshot. */
const rewrite = async (environment: TestEnvironment, ledger: Ledger): Promise<void> => {
	environment.files.faults.freeBytes = 0;
	await rejection(ledger.accept('never'));
	environment.files.mend();
	await ledger.open();
};

describe('The ledger', () => {
	let environment: TestEnvironment;
	beforeEach(() => {
		environment = testEnvironment();
	});

	/** What the next process finds after this one was killed. */
	const reopened = (): Promise<Ledger> =>
		open(testEnvironment({files: environment.files.afterKill(), clock: environment.clock}));

	it('counts deliveries on, over a crash', async () => {
		const ledger = await open(environment);
		should(await ledger.deliver('a')).equal(1);
		should(await ledger.deliver('a')).equal(2);
		const next = await reopened();
		should(next.deliveries('a')).equal(2);
		should(await next.deliver('a')).equal(3);
	});

	it('knows of a delivery that a crash ended only that it failed', async () => {
		const ledger = await open(environment);
		const atMs = environment.clock.now().wallMs;
		await ledger.deliver('a');
		environment.clock.advance(5000);
		should((await reopened()).lastDelivery('a')).deepEqual({delivery: 1, atMs, failure: undefined});
	});

	it('remembers why and when the last delivery failed', async () => {
		const ledger = await open(environment);
		await ledger.deliver('a');
		environment.clock.advance(5000);
		await ledger.fail('a', 1, failure, false);
		should((await reopened()).lastDelivery('a')).deepEqual({
			delivery: 1,
			atMs: environment.clock.now().wallMs,
			failure,
		});
	});

	it('remembers each delivery that was given back, also when later ones failed otherwise', async () => {
		const ledger = await open(environment);
		for (const givenBack of [true, false, true, false]) {
			await ledger.fail('a', await ledger.deliver('a'), failure, givenBack);
		}

		await rewrite(environment, ledger);
		const next = await reopened();
		should([1, 2, 3, 4].filter((delivery) => next.wasGivenBack('a', delivery))).deepEqual([1, 3]);
	});

	it('has an accepted acknowledge on the disk, power cut included, when it resolves', async () => {
		const ledger = await open(environment);
		await ledger.accept('a');
		const next = await open(testEnvironment({files: environment.files.afterPowerCut(), clock: environment.clock}));
		should(next.settlement('a')).equal('accepted');
		should([...next.unconfirmed]).deepEqual(['a']);
	});

	it('keeps the unconfirmed in the order of their acceptance', async () => {
		const ledger = await open(environment);
		for (const id of ['c', 'a', 'b']) {
			await ledger.accept(id);
		}

		await ledger.confirm('a');
		should([...ledger.unconfirmed]).deepEqual(['c', 'b']);
		should([...(await reopened()).unconfirmed]).deepEqual(['c', 'b']);
	});

	it('lets no later record undo a settlement', async () => {
		const ledger = await open(environment);
		await ledger.accept('a');
		await ledger.fail('a', 1, failure, true);
		await ledger.deliver('a');
		should(ledger.settlement('a')).equal('accepted');
		await ledger.confirm('a');
		await ledger.accept('a');
		should(ledger.settlement('a')).equal('confirmed');
		should((await reopened()).settlement('a')).equal('confirmed');
	});

	it('keeps the place in the queue of an acknowledge that is accepted twice', async () => {
		const ledger = await open(environment);
		for (const id of ['a', 'b', 'a']) {
			await ledger.accept(id);
		}

		await rewrite(environment, ledger);
		should([...ledger.unconfirmed]).deepEqual(['a', 'b']);
		should([...(await reopened()).unconfirmed]).deepEqual(['a', 'b']);
	});

	it('takes a refused id up again when an ack node insists', async () => {
		const ledger = await open(environment);
		await ledger.accept('a');
		await ledger.refuse('a');
		should(ledger.settlement('a')).equal('refused');
		should([...ledger.unconfirmed]).be.empty();
		await ledger.accept('a');
		should([...(await reopened()).unconfirmed]).deepEqual(['a']);
	});

	it('does not count a delivery that the disk refused', async () => {
		const ledger = await open(environment);
		environment.files.faults.freeBytes = 0;
		await rejection(ledger.deliver('a'));
		should(ledger.deliveries('a')).equal(0);
		should(ledger.isUsable).be.false();
		environment.files.mend();
		await ledger.open();
		should(ledger.isUsable).be.true();
		should(await ledger.deliver('a')).equal(1);
	});

	it('tells where a damaged file was put, even when the disk refused the new one at first', async () => {
		const ledger = await open(environment);
		await ledger.accept('a');
		await ledger.accept('b');
		await ledger.close();
		environment.files.put(path, (environment.files.get(path) ?? '').replace('"a"', '"x"'));
		environment.files.faults.rename = true;
		const next = new JournalLedger('t', path, environment, false);
		await rejection(next.open());
		environment.files.mend();
		should(await next.open()).match(/^\/state\/t\.journal\.damaged-\d+$/);
		should([...next.unconfirmed]).deepEqual(['b']);
	});

	describe('when it is written anew', () => {
		const cases: readonly (readonly [string, (ledger: Ledger) => Promise<unknown>, 'kept' | 'forgotten'])[] = [
			['an accepted acknowledge', (ledger) => ledger.accept('a'), 'kept'],
			[
				'a confirmed acknowledge',
				async (ledger) => {
					await ledger.accept('a');
					await ledger.confirm('a');
				},
				'forgotten',
			],
			['a refused acknowledge', (ledger) => ledger.refuse('a'), 'forgotten'],
			['a counted delivery', (ledger) => ledger.deliver('a'), 'forgotten'],
		];
		for (const [name, act, fate] of cases) {
			it(`has ${fate} ${name} after eight days`, async () => {
				const ledger = await open(environment);
				await act(ledger);
				const before = view(ledger, ['a']);
				environment.clock.advance(8 * dayMs);
				await rewrite(environment, ledger);
				should(view(ledger, ['a'])).deepEqual(before, 'not yet');
				environment.clock.advance(1);
				await rewrite(environment, ledger);
				const empty = view(await open(testEnvironment()), ['a']);
				should(view(await reopened(), ['a'])).deepEqual(fate === 'kept' ? before : empty);
			});
		}

		it('counts the eight days from the last failure, not from the delivery', async () => {
			const ledger = await open(environment);
			await ledger.deliver('a');
			environment.clock.advance(dayMs);
			await ledger.fail('a', 1, failure, false);
			environment.clock.advance(7.5 * dayMs);
			await rewrite(environment, ledger);
			should((await reopened()).deliveries('a')).equal(1);
		});
	});

	describe('of an account in trial mode', () => {
		it('knows what is on the disk, goes on in memory and writes nothing', async () => {
			const ledger = await open(environment);
			await ledger.accept('a');
			await ledger.close();
			const before = environment.files.get(path);
			const trial = await open(environment, true);
			should(trial.settlement('a')).equal('accepted');
			should(await trial.deliver('b')).equal(1);
			should(await trial.deliver('b')).equal(2);
			should(environment.files.get(path)).equal(before);
			should(trial.isUsable).be.true();
		});

		it('makes no file', async () => {
			await (await open(environment, true)).deliver('a');
			should(environment.files.names()).be.empty();
		});
	});

	describe('asked for its topic by name of the file alone', () => {
		const found = (): Promise<string | undefined> => topicWithUnconfirmed(environment.files, path);

		it('tells it while an acknowledge waits for its confirmation', async () => {
			const ledger = await open(environment);
			should(await found()).be.undefined();
			await ledger.deliver('a');
			should(await found()).be.undefined();
			await ledger.accept('a');
			should(await found()).equal('t');
			await ledger.confirm('a');
			should(await found()).be.undefined();
		});

		it('tells it although a delivery was counted or failed after the acknowledge was accepted', async () => {
			const ledger = await open(environment);
			await ledger.accept('a');
			await ledger.deliver('a');
			should([...ledger.unconfirmed]).deepEqual(['a']);
			should(await found()).equal('t');
			await ledger.fail('a', 1, failure, false);
			should(await found()).equal('t');
		});

		it('does not tell it for an acknowledge accepted once more after its confirmation', async () => {
			const ledger = await open(environment);
			await ledger.accept('a');
			await ledger.confirm('a');
			await ledger.accept('a');
			should(await found()).be.undefined();
		});
	});

	it('skips records of a kind it does not know', async () => {
		const ledger = await open(environment);
		await ledger.accept('a');
		await ledger.close();
		const json = '{"type":"future","id":"a","atMs":1}';
		const line = `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
		environment.files.put(path, `${environment.files.get(path) ?? ''}${line}`);
		const next = await reopened();
		should(next.settlement('a')).equal('accepted');
		should([...next.unconfirmed]).deepEqual(['a']);
	});

	for (let seed = 1; seed <= 60; seed += 1) {
		it(`says after a crash, a rewrite and a disk error what it said before (history ${seed})`, async () => {
			const random = new Random(seed);
			const pick = <Item>(items: readonly Item[]): Item =>
				items[Math.floor(random.next() * items.length)] ?? pick(items);
			const ids = ['a', 'b@c.d', 'ü', '__proto__', 'constructor'];
			let ledger = await open(environment);
			/** By id: what an ack node was promised. */
			const accepted = new Set<string>();
			const deliveries = new Map<string, number>();
			for (let step = 0; step < 60; step += 1) {
				const id = pick(ids);
				const last = ledger.lastDelivery(id);
				const act = pick<() => Promise<unknown>>([
					async () => {
						if (ledger.settlement(id) === undefined) {
							deliveries.set(id, await ledger.deliver(id));
						}
					},
					async () => {
						if (last) {
							await ledger.fail(id, last.delivery, failure, random.next() < 0.5);
						}
					},
					async () => {
						await ledger.accept(id);
						accepted.add(id);
					},
					async () => {
						if (ledger.settlement(id) === 'accepted') {
							await (random.next() < 0.9 ? ledger.confirm(id) : ledger.refuse(id));
						}
					},
					() =>
						Promise.all(
							ids
								.filter((one) => ledger.settlement(one) === undefined)
								.map(async (one) => {
									deliveries.set(one, await ledger.deliver(one));
								}),
						),
					async () => {
						environment.clock.advance(random.next() * 1000);
						await rewrite(environment, ledger);
					},
					async () => {
						const before = view(ledger, ids);
						environment = testEnvironment({files: environment.files.afterKill(), clock: environment.clock});
						ledger = await open(environment);
						should(view(ledger, ids)).deepEqual(before);
					},
				]);
				await act();
				await turns(1);
				for (const one of ids) {
					const settlement = ledger.settlement(one);
					should(settlement !== undefined).equal(accepted.has(one), `${one} at step ${step}`);
					should(ledger.deliveries(one)).equal(
						settlement === undefined ? (deliveries.get(one) ?? 0) : 0,
						`${one} at step ${step}`,
					);
				}
			}
		});
	}
});
