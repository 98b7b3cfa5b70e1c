import should from 'should';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {Downloads} from '../../../lib/documents/downloads';
import {RateLimitError, type RetarusError} from '../../../lib/errors';
import {Attempts} from '../../../lib/faxes/attempts';
import type {FaxSummary} from '../../../lib/faxes/events';
import {Slots} from '../../../lib/pacing/slots';
import type {ReceiverOptions} from '../../../lib/faxes/receiver-options';
import {pdf} from '../../world/fake-retarus';
import type {ManualClock} from '../../world/manual-clock';
import {usual} from '../../world/receiving';
import {rejection, turns, watch} from '../../world/turns';
import {TopicParts} from './topic-parts';

const minute = 60_000;

describe('An attempt to deliver a fax', () => {
	let parts: TopicParts;
	let clock: ManualClock;
	let budget: ByteBudget;
	let attempts: Attempts;
	let failed: (readonly [FaxSummary, RetarusError])[];
	let gone: AbortController;
	beforeEach(() => build(new TopicParts()));

	const build = async (made: TopicParts): Promise<void> => {
		parts = made;
		({clock} = parts.environment);
		failed = [];
		gone = new AbortController();
		budget = new ByteBudget(1024 * 1024);
		const {environment, connection} = parts.context;
		const downloads = new Downloads({environment, connection, budget, slots: new Slots(4)});
		attempts = new Attempts(parts.context, downloads, (fax, error) => failed.push([fax, error]));
		await parts.ledger.open();
		parts.retarus.add('a');
	};

	const list = (documents = ['a.pdf'], durationMs = usual.lockTimeoutMs): void => {
		const raw = {id: 'a', documents: documents.map((name) => ({url: `https://elsewhere/files/${name}`}))};
		parts.memory.leases.list({id: 'a', documents, raw}, {since: clock.now(), durationMs});
	};

	/** Attempts the fax, which is listed. */
	const run = (change: Partial<ReceiverOptions> = {}): Promise<void> => {
		const lease = parts.memory.leases.get('a');
		if (lease?.state !== 'listed') {
			throw new Error('not listed');
		}

		parts.receiver = {...usual, ...change};
		return attempts.run(lease.listing, lease.lock.since, {receiver: parts.receiver, signal: gone.signal});
	};

	/** Something happens while the document is on its way. */
	const whileFetching = (happens: () => void): void => {
		parts.retarus.fate = (request) => {
			if (request.kind === 'download') {
				happens();
			}

			return undefined;
		};
	};

	/** The number of the last delivery that the disk knows, and what was delivered. */
	const counted = (): readonly [number, string[]] => [
		parts.ledger.deliveries('a'),
		parts.delivered.map(({id, delivery}) => `${id} ${delivery}`),
	];

	it('delivers it with all its documents, counted on the disk before', async () => {
		list();
		parts.context.events.on('delivery', () => {
			should(parts.environment.files.get('/state/t.journal')).match(/"type":"delivered","id":"a","delivery":1/);
		});
		await run();
		should(counted()).deepEqual([1, ['a 1']]);
		should(parts.delivered).match([
			{
				documents: [{filename: 'a.pdf', size: pdf.length}],
				givenUp: undefined,
				lockedUntilMs: clock.now().wallMs + usual.lockTimeoutMs,
			},
		]);
		should(parts.memory.leases.get('a')).match({state: 'delivered', delivery: 1});
		should(parts.memory.counts).match({delivered: 1, redelivered: 0});
		should(parts.steps).match([{step: 'delivered', id: 'a', delivery: 1, sha256: [/^[0-9a-f]{64}$/]}]);
		should(failed).be.empty();
	});

	it('gives the bytes of its documents back to the budget', async () => {
		list();
		let heldBytes = 0;
		parts.context.events.on('delivery', () => {
			heldBytes = budget.used;
		});
		await run();
		should([heldBytes, budget.used]).deepEqual([pdf.length, 0]);
	});

	it('counts on from earlier deliveries', async () => {
		await parts.ledger.deliver('a');
		list();
		await run();
		should(counted()).deepEqual([2, ['a 2']]);
		should(parts.memory.counts).match({delivered: 1, redelivered: 1});
	});

	it('ends trouble with documents', async () => {
		parts.context.trouble.is('documents', new RateLimitError(1000));
		list();
		await run();
		should(parts.recoveries.length).equal(1);
	});

	it('says when a document is not what its name says', async () => {
		parts.retarus.addFax('b', {'a.tif': pdf});
		list(['a.tif']);
		await run();
		should(parts.notices).match([{kind: 'contentMismatch', id: 'a'}]);
	});

	it('says at the third delivery that this flow never acknowledges, unless something ever was', async () => {
		for (let delivery = 1; delivery <= 4; delivery += 1) {
			list();
			await run();
			should(parts.notices.length).equal(delivery < 3 ? 0 : 1);
		}

		should(parts.notices).match([{kind: 'neverAcknowledged', id: 'a', delivery: 3}]);
		await build(new TopicParts());
		parts.memory.counts.acknowledged = 1;
		for (let delivery = 1; delivery <= 4; delivery += 1) {
			list();
			await run();
		}

		should(parts.notices).be.empty();
	});

	describe('whose documents are unavailable', () => {
		it('counts as failed, and delivers nothing', async () => {
			list([]);
			await run();
			should(counted()).deepEqual([1, []]);
			should(failed).match([[{id: 'a', delivery: 1}, {reason: 'documentsNone'}]]);
		});

		it('is not counted when that says nothing about the fax', async () => {
			parts.retarus.fate = () => 'unreachable';
			list();
			const run1 = watch(run());
			for (let second = 0; second < 60; second += 1) {
				await turns();
				clock.advance(1000);
			}

			await turns();
			should(run1.error).match({reason: 'connectionRefused'});
			should([counted(), failed]).deepEqual([[0, []], []]);
		});

		it('is not counted when the receiver is gone', async () => {
			parts.retarus.fate = () => 'hangs';
			list();
			const outcome = rejection(run());
			await turns();
			const reason = new Error('gone');
			gone.abort(reason);
			should(await outcome).equal(reason);
			should([counted(), failed]).deepEqual([[0, []], []]);
		});

		it('delivers it without documents once it has failed so often, and says why', async () => {
			await parts.ledger.deliver('a');
			list([]);
			await run({maxDeliveries: 1});
			should(counted()).deepEqual([2, ['a 2']]);
			should(parts.delivered).match([{documents: [], givenUp: {reason: 'documentsNone'}}]);
			should(parts.steps).match([{step: 'givenUp', id: 'a', delivery: 2, sha256: []}]);
			should(failed).be.empty();
		});
	});

	describe('of a fax that has failed so often that it is given up', () => {
		it('delivers it with the failure of its last delivery', async () => {
			await parts.ledger.deliver('a');
			await parts.ledger.fail('a', 1, {code: 'RETARUS_TIMEOUT', reason: 'overdue', facts: {}}, false);
			list();
			await run({maxDeliveries: 1});
			should(parts.delivered).match([{delivery: 2, documents: [{filename: 'a.pdf'}], givenUp: {reason: 'overdue'}}]);
		});

		it('says that the process ended when nothing else is known', async () => {
			await parts.ledger.deliver('a');
			list();
			await run({maxDeliveries: 1});
			should(parts.delivered).match([{givenUp: {reason: 'processEnded', facts: {id: 'a', topic: 't'}}}]);
		});
	});

	describe('whose fax was decided on meanwhile', () => {
		it('delivers nothing when somebody acknowledged it by hand', async () => {
			whileFetching(() => {
				parts.memory.leases.release('a');
			});
			list();
			await run();
			should([counted(), failed, parts.steps]).deepEqual([[0, []], [], []]);
		});

		it('delivers nothing when that happens while the disk counts', async () => {
			list();
			const release = parts.environment.files.holdAppends();
			const ended = run();
			await turns();
			parts.memory.leases.release('a');
			release();
			await ended;
			should(parts.delivered).be.empty();
			should(failed).be.empty();
		});

		it('delivers nothing to a receiver that left while the disk counted', async () => {
			list();
			const release = parts.environment.files.holdAppends();
			const ended = run();
			await turns();
			gone.abort(new Error('gone'));
			release();
			await ended;
			should(parts.delivered).be.empty();
			should(parts.memory.leases.get('a')).match({state: 'listed'});
		});
	});

	describe('whose lock runs out', () => {
		it('delivers and counts nothing, because another process may have the fax', async () => {
			whileFetching(() => {
				clock.jumpWall(usual.lockTimeoutMs);
			});
			list();
			await run();
			should([counted(), failed]).deepEqual([[0, []], []]);
			should(parts.memory.leases.get('a')).be.undefined();
			should(parts.steps).match([{step: 'lapsed', id: 'a'}]);
			should(parts.troubles).match([{code: 'RETARUS_TIMEOUT', reason: 'lockTooShort', facts: {id: 'a', seconds: 300}}]);
		});

		it('delivers when the service listed the fax again meanwhile', async () => {
			whileFetching(() => {
				clock.jumpWall(usual.lockTimeoutMs);
				const lease = parts.memory.leases.get('a');
				if (lease?.state === 'listed') {
					parts.memory.leases.adopt(lease.listing, {since: clock.now(), durationMs: minute});
				}
			});
			list();
			await run();
			should(counted()).deepEqual([1, ['a 1']]);
			should(parts.delivered).match([{lockedUntilMs: clock.now().wallMs + minute}]);
		});

		it('fails when that happens while the disk counts', async () => {
			list();
			const release = parts.environment.files.holdAppends();
			const ended = run();
			await turns();
			clock.jumpWall(usual.lockTimeoutMs);
			release();
			await ended;
			should(counted()).deepEqual([1, []]);
			should(failed).match([[{id: 'a', delivery: 1}, {reason: 'lockTooShort'}]]);
		});

		it('delivers all the same in trial mode, where a lock is just a look', async () => {
			await build(new TopicParts({isTrial: true}));
			whileFetching(() => {
				clock.jumpWall(minute);
			});
			list(['a.pdf'], 1000);
			await run();
			should(counted()).deepEqual([1, ['a 1']]);
		});
	});

	it('delivers nothing when the disk cannot count it, and says why', async () => {
		list();
		parts.environment.files.faults.freeBytes = 0;
		should(await rejection(run())).match({code: 'RETARUS_STATE', reason: 'folderUnusable', facts: {detail: 'ENOSPC'}});
		should([counted(), failed]).deepEqual([[0, []], []]);
		should(parts.memory.leases.get('a')).match({state: 'listed'});
	});
});
