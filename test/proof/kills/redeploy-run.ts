import {setTimeout as wait} from 'node:timers/promises';
import type {Random} from '../../world/random';
import type {CampaignResult} from '../campaign-result';
import type {DeployKind, NodeRed} from '../../../scripts/node-red/node-red.mjs';
import type {Flow} from '../../node-red/node-red-flow';
import {isAcknowledged} from '../../node-red/node-red-until';
import {TestBed, type Place} from './test-bed';
import {Pollers} from './pollers';

interface RedeployRunOptions {
	readonly build: string;
	readonly redeploys: number;
	readonly random: Random;
	/** For people: what draws the same again. */
	readonly name: string;
}

interface Redeploy {
	readonly kind: DeployKind;
	/** The node that was changed. */
	readonly changed: string;
}

const turns: readonly Redeploy[] = [
	{kind: 'nodes', changed: 'fax-in'},
	{kind: 'nodes', changed: 'account'},
	{kind: 'nodes', changed: 'fax-ack'},
	{kind: 'flows', changed: 'line'},
	{kind: 'full', changed: 'fax-in'},
];

/**
 * Node-RED drops a message on its way to a node that is being redeployed: its fax comes again when this time is over,
 * and has rested.
 */
const faxIn = {processingTimeout: 3, lockTimeout: 2, maxInFlight: 20, batchSize: 5};

const backlog = 20;
const underWayLimitMs = 4000;
const settleLimitMs = 120_000;

/** One Node-RED that is redeployed again and again under load, and then left alone until every fax is acknowledged. */
export class RedeployRun {
	readonly #bed: TestBed;
	readonly #place: Place;
	readonly #random: Random;
	readonly #times: number[] = [];

	/** @returns also how many milliseconds each deploy took until it was answered */
	static async run({
		build,
		redeploys,
		random,
		name,
	}: RedeployRunOptions): Promise<CampaignResult & {readonly times: readonly number[]}> {
		// One in thirty takes longer than a deploy may.
		const bed = await TestBed.open({
			build,
			places: 1,
			delayMs: () => (random.chance(1 / 30) ? random.between(500, 10_000) : random.between(0, 150)),
			random,
		});
		try {
			const [place] = bed.places;
			if (!place) {
				throw new Error('there is no user directory');
			}

			const pollers = new Pollers(bed.relay);
			const run = new RedeployRun(bed, place, random);
			await run.#run(redeploys);
			const {witness} = bed;
			const twoPollers = pollers.overlaps;
			return {
				times: run.#times,
				figures: {
					redeployFaxes: bed.simulator.faxes().length,
					twoPollers,
					lost: witness.lost.length,
					early: witness.early.size,
				},
				problems: [
					...bed.problems(name),
					...(twoPollers > 0 ? [`${twoPollers} polls were overtaken by another of the same queue (${name})`] : []),
				],
			};
		} finally {
			await bed.close();
		}
	}

	private constructor(bed: TestBed, place: Place, random: Random) {
		this.#bed = bed;
		this.#place = place;
		this.#random = random;
	}

	async #run(redeploys: number): Promise<void> {
		const nodeRed = this.#bed.spawn(this.#place);
		await nodeRed.ready;
		await nodeRed.deploy(this.#flow());
		for (let number = 0; number < redeploys; number += 1) {
			const turn = turns[number % turns.length];
			if (turn) {
				await this.#underWay();
				await wait(this.#random.between(0, 100));
				await this.#redeploy(nodeRed, turn, number);
			}
		}

		await this.#bed.settle(settleLimitMs);
	}

	/** Resolves when documents and an acknowledge are under way. */
	async #underWay(): Promise<void> {
		const {simulator, relay} = this.#bed;
		this.#bed.addFaxes(Math.max(0, backlog - simulator.faxes().filter((fax) => !isAcknowledged(fax)).length));
		const abort = new AbortController();
		const looked = new Promise<void>((resolve) => {
			const look = (): void => {
				const under = [...relay.underWay];
				if (
					abort.signal.aborted ||
					(under.some(({phase}) => phase === 'document') && under.some(({ids}) => ids.length > 0))
				) {
					relay.off('arrived', look);
					resolve();
				}
			};
			relay.on('arrived', look);
		});
		await Promise.race([looked, wait(underWayLimitMs, undefined, {signal: abort.signal}).catch(() => undefined)]);
		abort.abort();
	}

	async #redeploy(nodeRed: NodeRed, {kind, changed}: Redeploy, number: number): Promise<void> {
		const {flows, credentials} = this.#flow();
		const flow = {
			credentials,
			flows: flows.map((node) => (node.id === changed ? {...node, name: `redeploy ${number}`} : node)),
		};
		const begin = performance.now();
		await nodeRed.deploy(flow, kind);
		this.#times.push(performance.now() - begin);
	}

	#flow(): Flow {
		return this.#place.flow(this.#bed.relay, faxIn);
	}
}
