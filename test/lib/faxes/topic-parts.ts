import {EventEmitter} from 'node:events';
import type {RetarusError} from '../../../lib/errors';
import type {TopicContext} from '../../../lib/faxes/context';
import type {DeliveredFax, FaxSummary, Notice, Step, TopicEvents} from '../../../lib/faxes/events';
import {TopicMemory} from '../../../lib/faxes/memory';
import {Trouble} from '../../../lib/faxes/trouble';
import {JournalLedger} from '../../../lib/ledger/journal-ledger';
import type {Ledger} from '../../../lib/ledger/ledger';
import {SharedGate} from '../../../lib/pacing/shared-gate';
import type {ReceiverOptions} from '../../../lib/faxes/receiver-options';
import {RetarusClient} from '../../../lib/retarus/client';
import {testEnvironment, type TestEnvironment} from '../../world/environment';
import {FakeRetarus} from '../../world/fake-retarus';
import {usual} from '../../world/receiving';

export interface TopicPartsOptions {
	readonly environment?: TestEnvironment;
	/** @default 't' */
	readonly name?: string;
	/** @default false */
	readonly isTrial?: boolean;
	/** The gate of the account, for topics that share one. */
	readonly gate?: SharedGate;
}

/** What the parts of a topic share, without the topic: for tests of one part. Writes down what happens. */
export class TopicParts {
	readonly environment: TestEnvironment;
	readonly retarus: FakeRetarus;
	readonly gate: SharedGate;
	readonly ledger: Ledger;
	readonly memory: TopicMemory;
	readonly context: TopicContext;
	readonly delivered: DeliveredFax[] = [];
	readonly failures: (readonly [FaxSummary, RetarusError])[] = [];
	readonly troubles: RetarusError[] = [];
	readonly recoveries: (readonly [RetarusError, durationMs: number])[] = [];
	readonly notices: Notice[] = [];
	readonly steps: Step[] = [];
	receiver: ReceiverOptions | undefined = usual;
	wakes = 0;
	wakesOfAll = 0;

	constructor({environment = testEnvironment(), name = 't', isTrial = false, gate}: TopicPartsOptions = {}) {
		const {clock, random} = environment;
		this.environment = environment;
		this.retarus = new FakeRetarus(clock);
		this.gate = gate ?? new SharedGate(clock, random);
		this.ledger = new JournalLedger(name, `/state/${name}.journal`, environment, isTrial);
		this.memory = new TopicMemory(clock);
		const client = new RetarusClient({
			transport: this.retarus,
			clock,
			basePath: '',
			customerNumber: '99999',
			password: 'secret',
			requestTimeoutMs: 30_000,
		});
		const events = new EventEmitter<TopicEvents>()
			.on('delivery', (fax) => this.delivered.push(fax))
			.on('failure', (fax, error) => this.failures.push([fax, error]))
			.on('trouble', (error) => this.troubles.push(error))
			.on('recovery', (error, durationMs) => this.recoveries.push([error, durationMs]))
			.on('notice', (notice) => this.notices.push(notice))
			.on('step', (step) => this.steps.push(step));
		this.context = {
			name,
			environment,
			ledger: this.ledger,
			folderPath: '/state',
			memory: this.memory,
			events,
			trouble: new Trouble(events, clock),
			isTrial,
			receiver: () => this.receiver,
			connection: () => ({client, gate: this.gate}),
			wake: () => {
				this.wakes += 1;
			},
			wakeAll: () => {
				this.wakesOfAll += 1;
			},
		};
	}

	/** An ack node has asked for these, and the disk has it. */
	async accept(...ids: readonly string[]): Promise<void> {
		await this.ledger.open();
		await Promise.all(ids.map((id) => this.ledger.accept(id)));
	}
}
