import {existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startSimulator, type FaxView, type Simulator} from '../../../simulator';
import type {Random} from '../../world/random';
import type {WorkerPool, WorkerProcess} from './worker-process';
import {readFlowLine, type NotedLine, type WorkerOptions} from './worker-options';

/** What a campaign adds up. */
export interface KillFigures {
	workerKills: number;
	workerFaxes: number;
	/** Acknowledged without having been written by the flow, or not acknowledged in the end. */
	lost: number;
	/** On the wire before it was written by the flow, or before it was in the ledger. */
	early: number;
	/** Delivered again although an acknowledge was accepted before. */
	acceptedAgain: number;
	/** Delivered again because a worker was killed. */
	duplicates: number;
}

/** So many faxes wait at the start of each life. */
const backlog = 25;
const lockTimeoutMs = 5000;
const hourMs = 3_600_000;
const drainLimitMs = 30_000;
const document = {extension: 'pdf', content: Buffer.from('%PDF-1.4\n%%EOF\n')};

const wait = (ms = 0): Promise<void> =>
	new Promise((resolve) => {
		setTimeout(resolve, ms);
	});

/** One queue, one state folder, one file of a flow, and workers that are killed one after the other. */
export class KilledWorker {
	readonly problems: string[] = [];
	readonly #pool: WorkerPool;
	readonly #random: Random;
	readonly #figures: KillFigures;
	readonly #folder: string;
	readonly #flowFile: string;
	readonly #stateFolder: string;
	readonly #simulator: Simulator;
	/** How far the service's clock and the workers' are ahead of the machine's. */
	#aheadMs = 0;
	#lives = 0;
	#linesRead = 0;
	/** Ids that were accepted in a life that is over. */
	readonly #accepted = new Set<string>();
	/** Id and number of each delivery. */
	readonly #deliveries = new Set<string>();
	#onRequest: () => void = () => undefined;

	static async start(pool: WorkerPool, random: Random, figures: KillFigures): Promise<KilledWorker> {
		return new KilledWorker(pool, random, figures, await startSimulator());
	}

	private constructor(pool: WorkerPool, random: Random, figures: KillFigures, simulator: Simulator) {
		this.#pool = pool;
		this.#random = random;
		this.#figures = figures;
		this.#simulator = simulator;
		this.#folder = mkdtempSync(join(tmpdir(), 'killed-worker-'));
		this.#flowFile = join(this.#folder, 'flow');
		this.#stateFolder = join(this.#folder, 'state');
		void simulator.requests.arrival(({query}) => {
			this.#onRequest();
			this.#watch(new URLSearchParams(query).get('ids')?.split(',') ?? []);
			return false;
		});
	}

	/** A life that ends at a random moment. */
	async kill(): Promise<void> {
		while (this.#open().length < backlog) {
			this.#simulator.addFax({documents: [document]});
			this.#figures.workerFaxes += 1;
		}

		const worker = await this.#begin(true);
		await Promise.race([this.#moment(worker), worker.ended]);
		worker.kill();
		await this.#end(worker);
		this.#figures.workerKills += 1;
		this.#pass(this.#random.integer(0, 4 * lockTimeoutMs));
	}

	/** A life that is left alone, until every fax is acknowledged. */
	async finish(): Promise<void> {
		// The longest rest is over.
		this.#pass(hourMs);
		const worker = await this.#begin(false);
		const endMs = performance.now() + drainLimitMs;
		while (this.#open().length > 0 && performance.now() < endMs) {
			await wait(5);
		}

		worker.close();
		await this.#end(worker);
		this.#compare();
		await this.#simulator.close();
		rmSync(this.#folder, {recursive: true, force: true});
	}

	async #begin(givesBack: boolean): Promise<WorkerProcess> {
		const {baseUrl} = this.#simulator;
		const [maxInFlight, batchSize] = this.#random.pick([
			[5, 1],
			[5, 5],
			[10, 3],
			[20, 20],
		]);
		const options: WorkerOptions = {
			baseUrl,
			maxInFlight,
			batchSize,
			lockTimeoutMs,
			givesBack,
			stateFolder: this.#stateFolder,
			flowFile: this.#flowFile,
			seed: this.#random.integer(0, 2 ** 31),
			life: this.#lives,
			aheadMs: this.#aheadMs,
		};
		this.#lives += 1;
		const worker = this.#pool.take();
		await worker.begin(options);
		return worker;
	}

	async #end(worker: WorkerProcess): Promise<void> {
		const fault = await worker.ended;
		if (fault !== undefined) {
			this.problems.push(`life ${this.#lives - 1}: ${fault}`);
		}

		this.#readFlow();
	}

	/** In the middle of its start, of its work, or of closing. */
	async #moment(worker: WorkerProcess): Promise<void> {
		const kind = this.#random.pick(['start', 'work', 'work', 'work', 'close']);
		const requests = Math.round(this.#random.scaled(1, 60));
		const [startMs, workMs, closeMs] = [60, 20, 30].map((longestMs) => this.#random.between(0, longestMs));
		if (kind === 'start') {
			await wait(startMs);
			return;
		}

		await new Promise<void>((resolve) => {
			let left = requests;
			this.#onRequest = () => {
				left -= 1;
				if (left <= 0) {
					resolve();
				}
			};
		});
		await wait(workMs);
		if (kind === 'close') {
			worker.close();
			await wait(closeMs);
		}
	}

	#pass(ms: number): void {
		this.#simulator.clock.advance(ms);
		this.#aheadMs += ms;
	}

	#open(): readonly FaxView[] {
		return this.#simulator.faxes().filter(({state}) => state.kind !== 'acknowledged');
	}

	/** The service has just got these ids, and has not looked at them yet. */
	#watch(ids: readonly string[]): void {
		const asked = ids.filter((id) => id !== '');
		if (asked.length === 0) {
			return;
		}

		const flow = existsSync(this.#flowFile) ? readFileSync(this.#flowFile, 'utf8') : '';
		const journal = this.#journal();
		for (const id of asked) {
			const isWritten = flow.includes(`"type":"delivered","id":"${id}"`);
			if (!isWritten || !/"type":"(?:accepted|confirmed)"/.test(lineOf(journal, id))) {
				this.#figures.early += 1;
				this.problems.push(
					`life ${this.#lives - 1}: fax ${id} is acknowledged early: ${isWritten ? 'not in the ledger' : 'not written by the flow'}`,
				);
			}
		}
	}

	#journal(): string {
		const names = existsSync(this.#stateFolder)
			? readdirSync(this.#stateFolder).filter((name) => name.endsWith('.journal'))
			: [];
		return names.map((name) => readFileSync(join(this.#stateFolder, name), 'utf8')).join('');
	}

	#readFlow(): void {
		const all = existsSync(this.#flowFile) ? readFileSync(this.#flowFile, 'utf8').split('\n').slice(0, -1) : [];
		const lines = all.slice(this.#linesRead).map((line) => readFlowLine(line));
		this.#linesRead = all.length;
		const atWork = new Set<string>();
		for (const line of lines) {
			this.#judge(line, atWork);
		}

		for (const line of lines) {
			if (line.type === 'accepted') {
				this.#accepted.add(line.id);
			}
		}

		for (const [, id = ''] of this.#journal().matchAll(/"type":"(?:accepted|confirmed)","id":"([^"]+)"[^\n]*\n/g)) {
			this.#accepted.add(id);
		}
	}

	/** @param atWork ids that the flow of this life has got and not given back */
	#judge(line: NotedLine, atWork: Set<string>): void {
		switch (line.type) {
			case 'trouble':
				this.problems.push(`life ${line.life}: ${line.text}`);
				break;
			case 'givenBack':
				atWork.delete(line.id);
				break;
			case 'delivered': {
				const {id, delivery, life} = line;
				const name = `life ${life}: delivery ${delivery} of fax ${id}`;
				if (this.#accepted.has(id)) {
					this.#figures.acceptedAgain += 1;
					this.problems.push(`${name} comes after its acknowledge was accepted`);
				}

				if (atWork.has(id) || this.#deliveries.has(`${id} ${delivery}`)) {
					this.problems.push(`${name} comes while the flow has it, or had that number before`);
				}

				this.#figures.duplicates += delivery > 1 ? 1 : 0;
				atWork.add(id);
				this.#deliveries.add(`${id} ${delivery}`);
				break;
			}
			case 'accepted':
		}
	}

	#compare(): void {
		const flow = readFileSync(this.#flowFile, 'utf8');
		for (const {
			facts: {id},
			state,
		} of this.#simulator.faxes()) {
			const isWritten = flow.includes(`"type":"delivered","id":"${id}"`);
			if (state.kind !== 'acknowledged' || !isWritten) {
				this.#figures.lost += 1;
				this.problems.push(`fax ${id} is lost: ${state.kind}, ${isWritten ? '' : 'never '}written by the flow`);
			}
		}

		const left = readdirSync(this.#stateFolder).filter((name) => !name.endsWith('.journal'));
		if (left.length > 0) {
			this.problems.push(`left in the state folder: ${left.join(', ')}`);
		}
	}
}

/** The last line of the journal about a fax. */
const lineOf = (journal: string, id: string): string => {
	const at = journal.lastIndexOf(`"id":"${id}"`);
	return at < 0 ? '' : journal.slice(journal.lastIndexOf('\n', at) + 1, at);
};
