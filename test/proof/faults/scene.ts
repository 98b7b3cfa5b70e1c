/**
 * The real core over real sockets, with a flow that acknowledges, on a clock that moves only when nothing else does.
 */
import {Account} from '../../../lib/account/account';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import type {Environment} from '../../../lib/environment';
import {RetarusError} from '../../../lib/errors';
import {TopicMemory} from '../../../lib/faxes/memory';
import {StateFolder} from '../../../lib/ledger/state-folder';
import type {Topic} from '../../../lib/account/topic';
import type {ReceiverOptions} from '../../../lib/faxes/receiver-options';
import type {DeliveredFax} from '../../../lib/faxes/events';
import {createTransport} from '../../../lib/retarus/http';
import {FakeRetarus} from '../../world/fake-retarus';
import {ManualClock} from '../../world/manual-clock';
import {MemoryFiles} from '../../world/memory-files';
import {ProcessClock} from '../../world/process-clock';
import {turns} from '../../world/turns';
import {authority} from './certificates';
import type {Cell, Told} from './fault';
import {FaultyRetarus, host, type SeenRequest} from './faulty-retarus';
import {ClientSockets} from './sockets';
import {WatchedTransport} from './watched-transport';

const customerNumber = '99999';
const password = 'top-secret';
const credentials = Buffer.from(`${customerNumber}:${password}`).toString('base64');
/** Of real time. What happens here takes a small part of it. */
const stuckMs = 4000;
/** In which every promise that can settle does so. */
const calmTurns = 8;
/** How long nothing must happen, in real time, when nobody can tell that nothing will. */
const silenceMs = 3;
const askAgainMs = 60_000;

const receiver: ReceiverOptions = {
	pollIntervalMs: 30_000,
	maxInFlight: 10,
	processingTimeoutMs: 300_000,
	maxDeliveries: 0,
	batchSize: 10,
	lockTimeoutMs: 300_000,
	maxFaxBytes: 1024 * 1024,
};

interface World {
	readonly clock: ManualClock;
	readonly retarus: FakeRetarus;
	readonly service: FaultyRetarus;
	readonly origin: string;
	readonly isSecure: boolean;
}

/** Begins with a service in order that has no fax. */
export const openScene = async ({isSecure = false, fault}: Pick<Cell, 'isSecure' | 'fault'>): Promise<Scene> => {
	const clock = new ManualClock();
	const retarus = new FakeRetarus(clock);
	const isOnePerConnection = ['name', 'address', 'connection', 'tls'].includes(fault.at);
	const service = new FaultyRetarus({clock, retarus, isSecure, isOnePerConnection});
	await service.listen();
	return new Scene({
		clock,
		retarus,
		service,
		isSecure,
		origin: `${isSecure ? 'https' : 'http'}://${host}:${service.port}`,
	});
};

export class Scene {
	readonly clock: ManualClock;
	readonly coreClock: ProcessClock;
	readonly files = new MemoryFiles();
	readonly budget = new ByteBudget(256 * 1024 * 1024);
	readonly sockets = new ClientSockets();
	readonly retarus: FakeRetarus;
	readonly service: FaultyRetarus;
	readonly origin: string;
	account: Account;
	topic: Topic;
	readonly delivered: DeliveredFax[] = [];
	/** Ids whose acknowledge the flow knows to be confirmed. */
	readonly confirmed = new Set<string>();
	readonly told = new Set<Told>();
	/** What must not happen, as sentences. */
	readonly problems: string[] = [];
	/** Who waited after the first failure, and how long. */
	firstWait: {readonly gate: 'topic' | 'account'; readonly waitMs: number; readonly strikes: number} | undefined;
	/** The flow keeps this fax until the script says {@link acknowledge}. */
	keeps: string | undefined;
	readonly #isSecure: boolean;
	#transport: WatchedTransport;
	/** How many processes there were. */
	#processes = 0;
	readonly #asked = new Set<string>();

	constructor({clock, retarus, service, origin, isSecure}: World) {
		this.clock = clock;
		this.coreClock = new ProcessClock(clock);
		this.retarus = retarus;
		this.service = service;
		this.origin = origin;
		this.#isSecure = isSecure;
		service.onRequest = (request) => {
			this.#check(request);
		};
		this.#transport = this.#connect();
		this.account = this.#open();
		this.topic = this.account.topic('t');
		this.#listen();
	}

	/** Another process begins, with what is on disk and nothing else. */
	begin(): void {
		this.#transport = this.#connect();
		this.account = this.#open();
		this.topic = this.account.topic('t');
		this.#listen();
	}

	receive(): void {
		this.topic.receive(receiver);
	}

	/** A flow asks for an acknowledge, and asks again should it be refused. */
	acknowledge(id: string, delivery: number): void {
		const {topic} = this;
		this.#asked.add(id);
		topic.acknowledge({id, delivery}).then(
			() => {
				if (!this.retarus.acknowledged.includes(id)) {
					this.problems.push(`the acknowledge of ${id} counts as confirmed, and the service does not know it`);
				}

				this.confirmed.add(id);
			},
			(error: unknown) => {
				this.#tell(error);
				this.clock.setTimer(() => {
					// The flow ends with its process.
					if (this.topic === topic) {
						this.acknowledge(id, delivery);
					}
				}, askAgainMs);
			},
		);
	}

	/** Time passes, and everything that follows from it happens. */
	async pass(ms: number): Promise<void> {
		const endMs = this.clock.now().steadyMs + ms;
		for (let stillness = 0; stillness < 1000;) {
			await this.settle();
			const leftMs = endMs - this.clock.now().steadyMs;
			const nextMs = this.clock.nextMs;
			if (nextMs === undefined || nextMs > leftMs) {
				this.clock.advance(leftMs);
				await this.settle();
				return;
			}

			stillness = nextMs > 0 ? 0 : stillness + 1;
			this.clock.advance(nextMs);
		}

		throw new Error('a timer of 0 ms is set again and again');
	}

	/**
	 * Waits until nothing goes on without time: all requests have ended or are held, and both sides agree on what is
	 * open.
	 */
	async settle(): Promise<void> {
		const beginMs = performance.now();
		let calm = 0;
		let requests = 0;
		let calmSinceMs = beginMs;
		while (calm < calmTurns || (this.service.isSilent && performance.now() - calmSinceMs < silenceMs)) {
			await turns(1);
			const {inFlight} = this.#transport;
			const isCalm =
				this.service.isSilent || (this.#isAgreed && [...inFlight].every((request) => this.service.held.has(request)));
			if (!isCalm || requests !== this.#transport.requests) {
				calm = 0;
				calmSinceMs = performance.now();
			}

			calm += 1;
			requests = this.#transport.requests;
			if (performance.now() - beginMs > stuckMs) {
				throw new Error(
					`requests ${[...inFlight].join(', ')} never end; ${this.sockets.open} connections here, ${this.service.connections} there`,
				);
			}
		}

		if (this.service.isSilent) {
			for (const request of this.#transport.inFlight) {
				this.service.held.add(request);
			}
		}

		this.#watchGates();
	}

	/** Whether what one side has closed is closed on the other side too. */
	get #isAgreed(): boolean {
		const most = this.service.connections;
		return this.sockets.open <= most && this.sockets.open >= most - this.service.silentConnections;
	}

	#connect(): WatchedTransport {
		const {
			origin,
			service: {lookup},
		} = this;
		this.#processes += 1;
		const tls = {lookup, ...(this.#isSecure && {ca: authority})};
		return new WatchedTransport(
			createTransport({origin, tls, proxy: 'none', connections: 20}),
			String(this.#processes),
		);
	}

	#open(): Account {
		const environment: Environment = {clock: this.coreClock, files: this.files, random: () => 0.5};
		const settings = {
			baseUrl: `${this.origin}/faxin/rest/v1`,
			customerNumber,
			password,
			requestTimeoutMs: 30_000,
			isTrial: false,
			proxy: 'none',
		} as const;
		return new Account(settings, {
			environment,
			folder: new StateFolder('/state', environment, () => Promise.resolve(() => Promise.resolve())),
			budget: this.budget,
			memory: () => new TopicMemory(this.coreClock),
			createTransport: () => this.#transport,
		});
	}

	#listen(): void {
		this.topic.on('delivery', (fax) => {
			this.delivered.push(fax);
			if (fax.id !== this.keeps) {
				this.acknowledge(fax.id, fax.delivery);
			}
		});
		this.topic.on('trouble', (error) => {
			this.#tell(error);
		});
		this.topic.on('failure', (_fax, error) => {
			this.#tell(error);
		});
		this.topic.on('notice', (notice) => {
			if ('error' in notice) {
				this.#tell(notice.error);
			} else if (notice.kind === 'contentMismatch') {
				this.told.add(notice.kind);
			}
		});
		this.topic.on('change', () => {
			this.#watchGates();
		});
	}

	#tell(error: unknown): void {
		if (!(error instanceof RetarusError)) {
			this.problems.push(`an error without a code is told: ${String(error)}`);
			return;
		}

		this.told.add(error.code);
		const text = `${error.message} ${JSON.stringify(error.facts)}`;
		if (text.includes(password) || text.includes(credentials)) {
			this.problems.push(`a credential is told: ${text}`);
		}
	}

	#watchGates(): void {
		const {gate} = this.account.newestConnection;
		const {state} = this.topic.status;
		const {strikes} = this.service;
		if (this.firstWait === undefined && gate.error) {
			this.firstWait = {gate: 'account', waitMs: gate.remainingMs('polls t', this.clock.now()), strikes};
		} else if (this.firstWait === undefined && state.kind === 'trouble') {
			this.firstWait = {gate: 'topic', waitMs: state.nextTryMs, strikes};
		}
	}

	/** Whether an acknowledge is on disk. */
	isAccepted(id: string): boolean {
		const journal = this.files
			.names()
			.map((name) => this.files.get(name))
			.join('');
		return new RegExp(`"type":"(accepted|confirmed|refused)","id":"${id}"`).test(journal);
	}

	/** Nothing is acknowledged that no flow asked for, or that is not on disk. */
	#check({ids, authorization, phase}: SeenRequest): void {
		for (const id of ids) {
			if (!this.#asked.has(id)) {
				this.problems.push(`early: ${id} is acknowledged, and no flow asked for it`);
			}

			if (!this.isAccepted(id)) {
				this.problems.push(`early: ${id} is acknowledged before it is on disk`);
			}
		}

		if (authorization !== `Basic ${credentials}`) {
			this.problems.push(`a request for a ${phase} has the credentials ${String(authorization)}`);
		}
	}
}
