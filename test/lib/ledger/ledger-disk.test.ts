import should from 'should';
import {RetarusError} from '../../../lib/errors';
import type {Faults} from '../../world/memory-files';
import {endOf, minute, Receiving} from '../../world/receiving';

/** What the ledger writes while the disk fails. */
const phases = ['opening', 'delivery', 'acceptance', 'confirmation'] as const;
type Phase = (typeof phases)[number];

const sentences: Readonly<Record<Phase, string>> = {
	opening: 'while the ledger is opened',
	delivery: 'while a delivery is counted',
	acceptance: 'while an acknowledgement is accepted',
	confirmation: 'while a confirmation is noted',
};

/**
 * `waits`: the topic reports RETARUS_STATE and waits; what it was about to do happens after the fault.
 * `goes on`: as `waits`, but the delivery or the confirmation under way need not survive a power cut, and comes about.
 * `unnoticed`: the open file is written on.
 */
type Outcome = 'waits' | 'goes on' | 'unnoticed';

const always: Readonly<Record<Phase, Outcome>> = {
	opening: 'waits',
	delivery: 'waits',
	acceptance: 'waits',
	confirmation: 'waits',
};
const unsynced = {...always, delivery: 'goes on', confirmation: 'goes on'} as const;
const onlyAtFirst = {
	opening: 'waits',
	delivery: 'unnoticed',
	acceptance: 'unnoticed',
	confirmation: 'unnoticed',
} as const;

const disks: Readonly<Record<string, readonly [Faults, Readonly<Record<Phase, Outcome>>]>> = {
	'is full': [{freeBytes: 0}, always],
	'is full within a record': [{freeBytes: 25}, always],
	'fails to append': [{appendAfterBytes: 0}, always],
	'tears a record': [{appendAfterBytes: 11}, always],
	'fails after the whole record': [{appendAfterBytes: 100_000}, always],
	'fails to sync': [{sync: true}, unsynced],
	'fails to open a file': [{open: true}, onlyAtFirst],
	'fails to rename a file': [{rename: true}, onlyAtFirst],
	'fails to sync the folder': [{syncFolder: true}, onlyAtFirst],
	'fails to read': [{read: true}, onlyAtFirst],
	'fails to sync and to open a file': [{sync: true, open: true}, unsynced],
	'fails to append and to rename a file': [{appendAfterBytes: 0, rename: true}, always],
	'is gone': [{appendAfterBytes: 0, sync: true, syncFolder: true, open: true, rename: true, read: true}, always],
};

/** Shorter than a lock. */
const faultMs = 3 * minute;
/** Nobody waits longer: the longest rest is over then. */
const recoveryMs = 60 * minute;

/** A process with a flow that acknowledges every fax, and asks again a minute after a refusal. */
class Scene {
	receiving = new Receiving();
	/** The flow holds this fax until it is told to acknowledge it. */
	keeps: string | undefined;
	readonly told = new Set<string>();
	readonly asked = new Set<string>();
	readonly confirmed = new Set<string>();
	readonly delivered: string[] = [];
	firstWaitMs: number | undefined;

	constructor() {
		this.#listen();
	}

	async restart(): Promise<void> {
		const closed = this.receiving.account.close();
		await this.receiving.pass(2000);
		await closed;
		this.receiving = this.receiving.restarted();
		this.#listen();
		await this.receiving.receive();
	}

	/** The fault begins while the service answers a request of this kind. */
	failDuring(isStruck: (ids: readonly string[]) => boolean, faults: Faults): void {
		const {retarus, files} = this.receiving;
		retarus.fate = (request) => {
			if (request.kind === 'exchange' && isStruck(request.ids)) {
				retarus.fate = () => undefined;
				Object.assign(files.faults, faults);
			}

			return undefined;
		};
	}

	acknowledge(id: string, delivery: number): void {
		const {receiving} = this;
		this.asked.add(id);
		receiving.topic.acknowledge({id, delivery}).then(
			() => this.confirmed.add(id),
			(error: unknown) => {
				this.told.add(error instanceof RetarusError ? error.code : String(error));
				receiving.clock.setTimer(() => {
					if (this.receiving === receiving) {
						this.acknowledge(id, delivery);
					}
				}, minute);
			},
		);
	}

	isAccepted(id: string): boolean {
		const {files} = this.receiving;
		const journals = files.names().map((name) => files.get(name));
		return new RegExp(`"type":"(accepted|confirmed)","id":"${id}"`).test(journals.join(''));
	}

	#listen(): void {
		const {topic, files, retarus} = this.receiving;
		const request = retarus.request.bind(retarus);
		retarus.request = (sent) => {
			for (const id of /[?&]ids=([^&]*)/.exec(sent.path)?.[1]?.split(',') ?? []) {
				should(this.asked.has(id)).be.true(`${id} is acknowledged, and no flow asked for it`);
				should(this.isAccepted(id)).be.true(`${id} is acknowledged before it is on disk`);
			}

			return request(sent);
		};
		topic.on('delivery', ({id, delivery}) => {
			this.delivered.push(id);
			if (id !== this.keeps) {
				this.acknowledge(id, delivery);
			}
		});
		topic.on('trouble', ({code}) => this.told.add(code));
		topic.on('failure', (_, {code}) => this.told.add(code));
		topic.on('change', () => {
			const {state} = topic.status;
			this.firstWaitMs ??= state.kind === 'trouble' ? state.nextTryMs : undefined;
		});
		should(files.openHandles).equal(0);
	}
}

/** Brings the fault about in its phase, and lets it last. */
const strike = async (scene: Scene, phase: Phase, faults: Faults): Promise<void> => {
	const {receiving} = scene;
	receiving.retarus.add('a');
	if (phase === 'opening') {
		Object.assign(receiving.files.faults, faults);
	} else if (phase === 'delivery') {
		scene.failDuring(() => true, faults);
	} else {
		scene.keeps = 'a';
	}

	await receiving.receive();
	if (scene.keeps !== undefined) {
		receiving.retarus.add('b');
		scene.keeps = undefined;
		if (phase === 'acceptance') {
			Object.assign(receiving.files.faults, faults);
		} else {
			scene.failDuring((ids) => ids.includes('a'), faults);
		}

		scene.acknowledge('a', 1);
	}

	await receiving.pass(faultMs);
};

describe('A disk fault', () => {
	let scene: Scene;
	beforeEach(() => {
		scene = new Scene();
	});
	afterEach(() => endOf(scene.receiving));

	/** Every fax is delivered once more than it may have been lost, and acknowledged. */
	const recover = async (ids: readonly string[], again: ReadonlySet<string>): Promise<void> => {
		const {receiving} = scene;
		receiving.retarus.add('z');
		await receiving.pass(recoveryMs);
		should([...receiving.retarus.acknowledged].sort()).deepEqual([...ids, 'z'].sort());
		should(receiving.topic.status).match({state: {kind: 'idle'}, inFlight: 0, unconfirmed: 0});
		for (const id of [...ids, 'z']) {
			const times = scene.delivered.filter((one) => one === id).length;
			should(times).be.within(1, again.has(id) ? 2 : 1, `deliveries of ${id}`);
		}
	};

	for (const [disk, [faults, outcomes]] of Object.entries(disks)) {
		for (const phase of phases) {
			const outcome = outcomes[phase];
			const isAcknowledgement = phase === 'acceptance' || phase === 'confirmation';
			const ids = isAcknowledgement ? ['a', 'b'] : ['a'];

			it(`of a disk that ${disk} ${sentences[phase]} ${outcome === 'unnoticed' ? 'is not noticed' : 'makes the topic wait'}`, async () => {
				await strike(scene, phase, {...faults});
				should([...scene.told]).deepEqual(outcome === 'unnoticed' ? [] : ['RETARUS_STATE']);
				should(scene.firstWaitMs).equal(outcome === 'unnoticed' ? undefined : 5000);
				const isMet = isAcknowledgement ? scene.confirmed.has('a') : scene.delivered.includes('a');
				should(isMet).equal(outcome !== 'waits');
				scene.receiving.files.mend();
				await recover(ids, new Set());
				should(scene.receiving.delivered.map(({delivery}) => delivery)).matchEach(1);
			});

			it(`of a disk that ${disk} ${sentences[phase]} loses nothing when the process ends meanwhile`, async () => {
				await strike(scene, phase, {...faults});
				const again = new Set(scene.delivered.filter((id) => !scene.isAccepted(id)));
				await scene.restart();
				scene.receiving.files.mend();
				await recover(ids, again);
			});
		}
	}
});
