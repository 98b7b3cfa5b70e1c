import {JournalLedger, topicWithUnconfirmed} from '../../../lib/ledger/journal-ledger';
import type {Ledger} from '../../../lib/ledger/ledger';
import type {Failure} from '../../../lib/ledger/ledger-records';
import {ManualClock} from '../../world/manual-clock';
import {CrashDisk, type Remains} from './crash-disk';

export const journalPath = '/state/t.journal';
const failure: Failure = {code: 'RETARUS_TIMEOUT', reason: 'overdue', facts: {id: 'a', topic: 't', seconds: 3}};

/** What is asked of a ledger for one fax. */
export type Act = 'deliver' | 'fail' | 'giveBack' | 'accept' | 'confirm' | 'refuse';

/** What a ledger says about one fax. */
interface Known {
	readonly settlement: 'open' | 'accepted' | 'confirmed' | 'refused';
	readonly deliveries: number;
	/** Deliveries that were given back. */
	readonly givenBack: readonly number[];
}

const unknown: Known = {settlement: 'open', deliveries: 0, givenBack: []};
const longestHistory = 20;

const after = (known: Known, act: Act): Known => {
	const {settlement, deliveries, givenBack} = known;
	switch (act) {
		case 'deliver':
			return settlement === 'open' ? {...known, deliveries: deliveries + 1} : known;
		case 'fail':
			return known;
		case 'giveBack':
			return settlement === 'open' ? {...known, givenBack: [...new Set([...givenBack, deliveries])].sort()} : known;
		case 'accept':
			return settlement === 'confirmed' ? known : {settlement: 'accepted', deliveries: 0, givenBack: []};
		case 'confirm':
			return {settlement: 'confirmed', deliveries: 0, givenBack: []};
		case 'refuse':
			return {settlement: 'refused', deliveries: 0, givenBack: []};
	}
};

const text = ({settlement, deliveries, givenBack}: Known): string =>
	`${settlement}, ${deliveries} deliveries, given back ${givenBack.join(' ')}`;

/** One process's view of the ledger. */
export const openLedger = async (
	disk: CrashDisk,
): Promise<{readonly ledger: Ledger; readonly setAside: string | undefined}> => {
	const ledger = new JournalLedger('t', journalPath, {clock: new ManualClock(), files: disk, random: () => 0.5}, false);
	return {ledger, setAside: await ledger.open()};
};

const viewOf = (ledger: Ledger, id: string): string =>
	text({
		settlement: ledger.settlement(id) ?? 'open',
		deliveries: ledger.deliveries(id),
		givenBack: Array.from({length: longestHistory}, (_, index) => index).filter((delivery) =>
			ledger.wasGivenBack(id, delivery),
		),
	});

/** What was asked for a fax, in order: the states it went through, and how far they were promised to last. */
interface History {
	readonly states: Known[];
	/** The oldest state that may be found after the process was killed. */
	written: number;
	/** And after a power cut. */
	durable: number;
}

/**
 * Something that must not be. `lost`: it was promised and is gone; `early`: nobody has asked for it; `broken`: the
 * ledger does not work.
 */
export interface Fault {
	readonly kind: 'lost' | 'early' | 'broken';
	readonly text: string;
}

/** Remembers what a ledger was asked and what it has promised, and judges what is left of it. */
export class LedgerWitness {
	readonly #histories = new Map<string, History>();

	readonly #isDamaged: boolean;

	/** @param isDamaged whether the file was damaged from the beginning */
	constructor(isDamaged = false) {
		this.#isDamaged = isDamaged;
	}

	/** A process before has asked all that, and its disk has kept it. */
	remember(id: string, acts: readonly Act[]): void {
		const states = [unknown];
		for (const act of acts) {
			states.push(after(states.at(-1) ?? unknown, act));
		}

		this.#histories.set(id, {states, written: acts.length, durable: acts.length});
	}

	/** Asks the ledger and notes what it promises. One request at a time for each fax. */
	async ask(ledger: Ledger, id: string, act: Act): Promise<void> {
		const history = this.#histories.get(id) ?? {states: [unknown], written: 0, durable: 0};
		this.#histories.set(id, history);
		const before = history.states.at(-1) ?? unknown;
		const number = history.states.push(after(before, act)) - 1;
		await perform(ledger, id, act, before.deliveries);
		history.written = number;
		history.durable = act === 'accept' ? number : history.durable;
	}

	/** Opens what is left, looks, goes on working with it, and cuts the power twice. */
	async judge({cause, hasHole, contents}: Omit<Remains, 'name'>): Promise<Fault | undefined> {
		const disk = new CrashDisk(contents);
		const topicBefore = await topicWithUnconfirmed(disk, journalPath);
		const {ledger, setAside} = await openLedger(disk);
		if (setAside !== undefined && !hasHole && !this.#isDamaged) {
			return {kind: 'broken', text: 'the file counts as damaged'};
		}

		const fault = this.#compare(ledger, cause, hasHole);
		if (fault) {
			return fault;
		}

		const waiting = ledger.unconfirmed.size > 0 ? 't' : undefined;
		if (topicBefore !== waiting) {
			return {kind: 'broken', text: 'acknowledges wait, and nobody is told'};
		}

		const seen = this.#views(ledger);
		if (this.#views((await openLedger(disk.afterPowerCut())).ledger) !== seen) {
			return {kind: 'lost', text: 'the next process has seen what the one after it does not find'};
		}

		await ledger.accept('afterwards');
		const last = (await openLedger(disk.afterPowerCut())).ledger;
		return this.#views(last) === seen && last.settlement('afterwards') === 'accepted'
			? undefined
			: {kind: 'broken', text: 'it does not go on'};
	}

	#views(ledger: Ledger): string {
		return [...this.#histories.keys()].map((id) => `${id}: ${viewOf(ledger, id)}`).join('\n');
	}

	/**
	 * @param hasHole a record that was not durable may be missing although later ones are there: then only the decision
	 * about a fax is compared
	 */
	#compare(ledger: Ledger, cause: Remains['cause'], hasHole: boolean): Fault | undefined {
		for (const [id, {states, written, durable}] of this.#histories) {
			const view = hasHole ? (ledger.settlement(id) ?? 'open') : viewOf(ledger, id);
			const found = states.map((state) => (hasHole ? state.settlement : text(state))).lastIndexOf(view);
			if (found < (cause === 'kill' ? written : durable)) {
				return {kind: found < 0 ? 'early' : 'lost', text: `fax ${id} after a ${cause} is ${view}`};
			}

			if ((ledger.settlement(id) === 'accepted') !== ledger.unconfirmed.has(id)) {
				return {kind: 'lost', text: `fax ${id} is accepted, and nobody would tell the service`};
			}
		}

		return undefined;
	}
}

const perform = async (ledger: Ledger, id: string, act: Act, delivery: number): Promise<void> => {
	switch (act) {
		case 'deliver':
			await ledger.deliver(id);
			break;
		case 'fail':
		case 'giveBack':
			await ledger.fail(id, delivery, failure, act === 'giveBack');
			break;
		case 'accept':
			await ledger.accept(id);
			break;
		case 'confirm':
			await ledger.confirm(id);
			break;
		case 'refuse':
			await ledger.refuse(id);
	}
};
