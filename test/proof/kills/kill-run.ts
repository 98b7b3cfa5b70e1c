import type {Random} from '../../world/random';
import type {CampaignResult} from '../campaign-result';
import type {NodeRed} from '../../../scripts/node-red/node-red.mjs';
import {TestBed, type Place} from './test-bed';
import {acceptedOnDisk, stateFolder} from './ledger-on-disk';
import {describeMoment, drawMoment, reach} from './moment';

interface KillRunOptions {
	readonly build: string;
	readonly kills: number;
	readonly random: Random;
	/** For people: what draws the same moments again. */
	readonly name: string;
}

/** A short lock: what was in flight comes again after it, and later after twice and four times of it. */
const faxIn = {lockTimeout: 1, maxInFlight: 10, batchSize: 5};

/** A moment that has not come by then never will. */
const momentLimitMs = 4000;

/** The longest rest is 8 s for a fax that was in flight at four kills; the eighth would make it minutes. */
const settleLimitMs = 180_000;

/** One Node-RED that is killed again and again, and then left alone until every fax is acknowledged. */
export class KillRun {
	readonly #bed: TestBed;
	readonly #place: Place;
	readonly #random: Random;
	readonly #name: string;
	/** How long the archive's list was when a fax was known to be accepted. */
	readonly #accepted = new Map<string, number>();
	/** Faxes of which the disk knew that they were accepted, and knows it no longer. */
	readonly #forgotten = new Set<string>();
	readonly #killedAtMs: number[] = [];
	/** Faxes that the kills hit while they were locked for the one who was killed. */
	#hit = 0;
	readonly #problems: string[] = [];

	static async run({build, kills, random, name}: KillRunOptions): Promise<CampaignResult> {
		const bed = await TestBed.open({build, places: 1, delayMs: () => random.between(0, 40), random});
		try {
			const [place] = bed.places;
			return place ? await new KillRun(bed, place, random, name).#run(kills) : {figures: {}, problems: []};
		} finally {
			await bed.close();
		}
	}

	private constructor(bed: TestBed, place: Place, random: Random, name: string) {
		this.#bed = bed;
		this.#place = place;
		this.#random = random;
		this.#name = name;
	}

	async #run(kills: number): Promise<CampaignResult> {
		let nodeRed = this.#bed.spawn(this.#place);
		await nodeRed.ready;
		this.#bed.addFaxes(5);
		await nodeRed.deploy(this.#place.flow(this.#bed.relay, faxIn));
		for (let kill = 0; kill < kills; kill += 1) {
			await this.#kill(nodeRed);
			this.#bed.addFaxes(this.#random.integer(3, 8));
			nodeRed = this.#bed.spawn(this.#place);
		}

		await this.#bed.settle(settleLimitMs);
		return this.#result();
	}

	async #kill(nodeRed: NodeRed): Promise<void> {
		const moment = drawMoment(this.#random);
		const {relay} = this.#bed;
		await reach(
			moment,
			{relay, archive: this.#place.archive.folder, state: stateFolder(this.#place.userDirectory)},
			momentLimitMs,
		);
		const ended = nodeRed.end('SIGKILL');
		this.#killedAtMs.push(Date.now());
		await ended;
		await this.#look(`${this.#name}, kill ${this.#killedAtMs.length}, ${describeMoment(moment)}`);
	}

	/** What the disk says while nobody writes there. */
	async #look(where: string): Promise<void> {
		const {simulator} = this.#bed;
		const {archive, userDirectory} = this.#place;
		const faxes = simulator.faxes();
		const accepted = await acceptedOnDisk(
			userDirectory,
			'demo',
			faxes.map(({facts: {id}}) => id),
		);
		const {length} = archive.read();
		this.#hit += faxes.filter(({state: {kind}}) => kind === 'locked').length;
		for (const fax of faxes.filter(({facts: {id}}) => accepted.includes(id))) {
			if (!archive.holds(fax)) {
				this.#problems.push(`${fax.facts.id} was accepted before it was archived (${where})`);
			}

			const {id} = fax.facts;
			this.#accepted.set(id, this.#accepted.get(id) ?? length);
		}

		for (const id of [...this.#accepted.keys()].filter((id) => !accepted.includes(id) && !this.#forgotten.has(id))) {
			this.#forgotten.add(id);
			this.#problems.push(`${id} was accepted on disk and is no longer (${where})`);
		}
	}

	#result(): CampaignResult {
		const {simulator, witness, written, duplicates} = this.#bed;
		const again = written.filter(({id}, index) => index >= (this.#accepted.get(id) ?? Infinity));
		return {
			figures: {
				nodeRedKills: this.#killedAtMs.length,
				nodeRedFaxes: simulator.faxes().length,
				nodeRedFaxesHit: this.#hit,
				lost: witness.lost.length,
				early: witness.early.size,
				acceptedAgain: again.length,
				duplicates: duplicates.length,
				worstRecoveryMs: this.#worstRecoveryMs(),
			},
			problems: [
				...this.#problems,
				...this.#bed.problems(this.#name),
				...again.map(
					({id, delivery}) =>
						`${id} was delivered again, as number ${delivery}, although it was accepted (${this.#name})`,
				),
			],
		};
	}

	/** From a kill until a fax that had been listed before it was acknowledged, with no other kill in between. */
	#worstRecoveryMs(): number {
		const times = this.#bed.simulator.faxes().map(({events}) => {
			const listed = events.find(({kind}) => kind === 'listed');
			const acknowledged = events.find(({kind}) => kind === 'acknowledged');
			const kill = this.#killedAtMs
				.filter((atMs) => listed && acknowledged && listed.atMs < atMs && atMs < acknowledged.atMs)
				.at(-1);
			return kill === undefined || acknowledged === undefined ? 0 : acknowledged.atMs - kill;
		});
		return Math.round(Math.max(0, ...times));
	}
}
