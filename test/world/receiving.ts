import should from 'should';
import {Account} from '../../lib/account/account';
import {ByteBudget} from '../../lib/documents/byte-budget';
import type {AccountSettings} from '../../lib/retarus/connection';
import type {Environment} from '../../lib/environment';
import type {RetarusError} from '../../lib/errors';
import {TopicMemory} from '../../lib/faxes/memory';
import type {Release} from '../../lib/ledger/folder-owner';
import {StateFolder} from '../../lib/ledger/state-folder';
import type {Topic} from '../../lib/account/topic';
import type {ReceiverOptions} from '../../lib/faxes/receiver-options';
import type {DeliveredFax, FaxSummary, Notice} from '../../lib/faxes/events';
import {FakeRetarus} from './fake-retarus';
import {ManualClock} from './manual-clock';
import {MemoryFiles} from './memory-files';
import {ProcessClock} from './process-clock';
import {turns} from './turns';

export const minute = 60_000;

export const usual: ReceiverOptions = {
	pollIntervalMs: 30_000,
	maxInFlight: 10,
	processingTimeoutMs: 5 * minute,
	maxDeliveries: 0,
	batchSize: 10,
	lockTimeoutMs: 5 * minute,
	maxFaxBytes: 64 * 1024 * 1024,
};

export const usualSettings: AccountSettings = {
	baseUrl: 'http://fake/faxin/rest/v1',
	customerNumber: '99999',
	password: 'secret',
	requestTimeoutMs: 30_000,
	isTrial: false,
	proxy: 'none',
};

/** One process that receives one topic from a fake service, on a manual clock and a disk in memory. */
export class Receiving {
	readonly clock: ManualClock;
	readonly files: MemoryFiles;
	readonly retarus: FakeRetarus;
	readonly folder: StateFolder;
	readonly account: Account;
	readonly topic: Topic;
	readonly memory: TopicMemory;
	readonly delivered: DeliveredFax[] = [];
	readonly failures: (readonly [FaxSummary, RetarusError])[] = [];
	readonly troubles: RetarusError[] = [];
	readonly notices: Notice[] = [];
	readonly steps: string[] = [];
	readonly #process: ProcessClock;

	/** @param options.own how this process becomes the owner of the folder; at once, unless told otherwise */
	constructor(
		options: {
			retarus?: FakeRetarus;
			files?: MemoryFiles;
			clock?: ManualClock;
			isTrial?: boolean;
			keptMs?: number;
			memory?: TopicMemory;
			own?: () => Promise<Release>;
		} = {},
	) {
		this.clock = options.clock ?? new ManualClock();
		this.files = options.files ?? new MemoryFiles();
		this.#process = new ProcessClock(this.clock);
		const environment: Environment = {clock: this.#process, files: this.files, random: () => 0.5};
		this.retarus = options.retarus ?? new FakeRetarus(this.clock);
		this.memory = options.memory ?? new TopicMemory(this.#process);
		this.folder = new StateFolder(
			'/state',
			environment,
			options.own ?? (() => Promise.resolve(() => Promise.resolve())),
		);
		this.account = new Account(
			{...usualSettings, isTrial: options.isTrial ?? false, ...(options.keptMs && {keptMs: options.keptMs})},
			{
				environment,
				folder: this.folder,
				budget: new ByteBudget(256 * 1024 * 1024),
				memory: (name) => (name === 't' ? this.memory : new TopicMemory(this.#process)),
				createTransport: () => this.retarus,
			},
		);
		this.topic = this.account.topic('t');
		this.topic.on('delivery', (fax) => this.delivered.push(fax));
		this.topic.on('failure', (fax, error) => this.failures.push([fax, error]));
		this.topic.on('trouble', (error) => this.troubles.push(error));
		this.topic.on('notice', (notice) => this.notices.push(notice));
		this.topic.on('step', ({step, id}) => this.steps.push(`${step} ${id}`));
	}

	get isKilled(): boolean {
		return this.#process.isKilled;
	}

	/** Id and number of each delivery. */
	get deliveries(): string[] {
		return this.delivered.map(({id, delivery}) => `${id} ${delivery}`);
	}

	async receive(options: Partial<ReceiverOptions> = {}): Promise<() => void> {
		const stop = this.topic.receive({...usual, ...options});
		await turns();
		return stop;
	}

	/** Time passes, and everything that follows from it happens. */
	async pass(ms: number): Promise<void> {
		const endMs = this.clock.now().steadyMs + ms;
		for (let stillness = 0; stillness < 1000;) {
			await turns();
			const leftMs = endMs - this.clock.now().steadyMs;
			const nextMs = this.clock.nextMs;
			if (nextMs === undefined || nextMs > leftMs) {
				this.clock.advance(leftMs);
				await turns();
				return;
			}

			stillness = nextMs > 0 ? 0 : stillness + 1;
			this.clock.advance(nextMs);
		}

		throw new Error('a timer of 0 ms is set again and again');
	}

	/** The process is killed; another one begins with what is on the disk. */
	restarted(options: {files?: MemoryFiles} = {}): Receiving {
		this.#process.isKilled = true;
		return new Receiving({retarus: this.retarus, clock: this.clock, files: options.files ?? this.files.afterKill()});
	}
}

/** What must be true of every history, and what must be left of it: nothing. */
export const endOf = async (receiving: Receiving): Promise<void> => {
	for (const {fetch, ids} of receiving.retarus.exchanges) {
		should(Number.isInteger(fetch) && fetch >= 0 && fetch <= 1000).be.true();
		should(fetch > 0 || ids.length > 0).be.true('fetch=0 without ids');
	}

	if (receiving.isKilled) {
		return;
	}

	const closed = receiving.account.close();
	await receiving.pass(2000);
	await closed;
	should(receiving.clock.pending).equal(0, 'timers left after close');
	should(receiving.files.openHandles).equal(0, 'files left open after close');
};
