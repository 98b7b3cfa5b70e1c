import {CrashDisk, type Remains} from './crash-disk';
import {journalPath, LedgerWitness, openLedger, type Act, type Fault} from './ledger-witness';

/** One thing that happens to a ledger: requests that are made at the same time, or a disk that fails once. */
export type Step =
	| {readonly kind: 'ask'; readonly requests: readonly (readonly [id: string, act: Act])[]}
	| {readonly kind: 'fail'; readonly call: 'append' | 'sync'}
	/** So many records that change nothing, all durable. */
	| {readonly kind: 'fill'; readonly records: number};

export interface CrashReport {
	crashes: number;
	readonly faults: (Fault & {readonly where: string})[];
}

export interface CrashOptions {
	/** What is on the disk at the beginning, by path. */
	readonly contents?: ReadonlyMap<string, Buffer>;
	/** What the process that left these has done. */
	readonly known?: readonly (readonly [id: string, acts: readonly Act[]])[];
	readonly isDamaged?: boolean;
	readonly steps: readonly Step[];
	/** Only calls from this step on are crashed in. */
	readonly fromStep?: number;
	/** Crashes in recoveries from crashes, so many one after the other. */
	readonly depth?: number;
	/** At most so many lengths of a torn write. */
	readonly tears?: number;
}

/** Lives through the steps, unless the disk ends it. @returns the number of calls before the step `fromStep` */
const live = async (
	disk: CrashDisk,
	witness: LedgerWitness,
	steps: readonly Step[],
	fromStep: number,
): Promise<number> => {
	let callsBefore = 0;
	const run = async (): Promise<void> => {
		const {ledger} = await openLedger(disk);
		for (const [number, step] of steps.entries()) {
			callsBefore = number === fromStep ? disk.calls : callsBefore;
			switch (step.kind) {
				case 'ask':
					await Promise.all(step.requests.map(([id, act]) => witness.ask(ledger, id, act)));
					break;
				case 'fail':
					disk.failNext = step.call;
					break;
				case 'fill':
					await Promise.all(
						Array.from({length: step.records}, (_, index) =>
							index < step.records - 1 ? ledger.refuse('fill') : ledger.accept('fill'),
						),
					);
			}
		}

		await ledger.close();
	};
	await Promise.race([run(), disk.crashed]);
	return callsBefore;
};

/** Some of all that may be left: the least and the most. */
const aFew = (all: readonly Remains[]): readonly Remains[] =>
	(['kill', 'power cut'] as const).flatMap((cause) => {
		const some = all.filter((remains) => remains.cause === cause && !remains.hasHole);
		return [...new Set([0, some.length - 1])].flatMap((index) => some[index] ?? []);
	});

/** The process ends before and after every call that it makes, in every way that a disk can be left. */
export const crashEverywhere = async (options: CrashOptions): Promise<CrashReport> => {
	const {
		contents = new Map<string, Buffer>(),
		known = [],
		isDamaged = false,
		steps,
		fromStep = -1,
		depth = 0,
		tears,
	} = options;
	const report: CrashReport = {crashes: 0, faults: []};
	const whole = new CrashDisk(contents);
	const first = (await live(whole, new LedgerWitness(), steps, fromStep)) + 1;
	for (let call = first; call <= whole.calls; call += 1) {
		for (const moment of ['before', 'after'] as const) {
			const disk = new CrashDisk(contents, {call, moment});
			const witness = new LedgerWitness(isDamaged);
			for (const [id, acts] of known) {
				witness.remember(id, acts);
			}

			await live(disk, witness, steps, fromStep);
			const all = [...disk.remains(journalPath, tears)];
			const where = `${moment} call ${call} (${disk.lastCall})`;
			for (const remains of all) {
				await judge(witness, remains, where, report);
			}

			for (const remains of depth > 0 ? aFew(all) : []) {
				await crashRecovery(witness, remains, where, depth, report);
			}
		}
	}

	return report;
};

const judge = async (witness: LedgerWitness, remains: Remains, where: string, report: CrashReport): Promise<void> => {
	report.crashes += 1;
	const place = `${where}, ${remains.cause}: ${remains.name}`;
	try {
		const fault = await witness.judge(remains);
		if (fault) {
			report.faults.push({...fault, where: place});
		}
	} catch (error) {
		report.faults.push({kind: 'broken', text: String(error), where: place});
	}
};

const crashRecovery = async (
	witness: LedgerWitness,
	remains: Remains,
	where: string,
	depth: number,
	report: CrashReport,
): Promise<void> => {
	const {contents} = remains;
	const whole = new CrashDisk(contents);
	await live(whole, witness, [], -1);
	for (let call = 1; call <= whole.calls; call += 1) {
		for (const moment of ['before', 'after'] as const) {
			const disk = new CrashDisk(contents, {call, moment});
			await live(disk, witness, [], -1);
			const place = `${where}, ${remains.cause}: ${remains.name}, then ${moment} call ${call} of the recovery (${disk.lastCall})`;
			// What the first crash may have taken, the second cannot bring back.
			const all = [...disk.remains(journalPath)].map((next) => ({
				...next,
				cause: remains.cause === 'power cut' ? remains.cause : next.cause,
			}));
			for (const next of aFew(all)) {
				await judge(witness, next, place, report);
				if (depth > 1) {
					await crashRecovery(witness, next, place, depth - 1, report);
				}
			}
		}
	}
};
