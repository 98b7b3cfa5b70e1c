import should from 'should';
import {CrashDisk} from './crash-disk';
import {crashEverywhere, type CrashOptions, type CrashReport, type Step} from './crash-everywhere';
import {runJournalCrashes} from './journal-crashes';
import {journalPath, openLedger, type Act} from './ledger-witness';

const ask = (...requests: readonly (readonly [id: string, act: Act])[]): Step => ({kind: 'ask', requests});

/** What a process has left that did all this and ended in order. */
const leftBy = async (
	...requests: readonly (readonly [id: string, act: Act])[]
): Promise<ReadonlyMap<string, Buffer>> => {
	const disk = new CrashDisk();
	const {ledger} = await openLedger(disk);
	for (const [id, act] of requests) {
		await (act === 'accept' ? ledger.accept(id) : ledger.deliver(id));
	}

	await ledger.close();
	return disk.disk.contents;
};

const check = ({crashes, faults}: CrashReport, atLeast: number): void => {
	should(faults.slice(0, 5).map(({kind, text, where}) => `${kind}: ${text} (${where})`)).be.empty();
	should(crashes).be.above(atLeast);
};

/** With the crashes that it must have met at least, so that none can be left out without a word. */
const cases: readonly (readonly [name: string, atLeast: number, options: CrashOptions])[] = [
	['while it begins its file', 20, {steps: []}],
	['while the first acknowledge is accepted', 500, {steps: [ask(['a', 'accept'])], depth: 1}],
	[
		'while a delivery is counted, fails and is given back',
		500,
		{
			steps: [
				ask(['a', 'deliver']),
				ask(['a', 'fail']),
				ask(['a', 'deliver']),
				ask(['a', 'giveBack']),
				ask(['a', 'deliver']),
			],
		},
	],
	[
		'on the way from the delivery to the confirmation',
		1000,
		{steps: [ask(['a', 'deliver']), ask(['a', 'accept']), ask(['a', 'confirm'])], depth: 1},
	],
	[
		'while an acknowledge is refused, and accepted once more',
		500,
		{steps: [ask(['a', 'accept']), ask(['a', 'refuse']), ask(['a', 'accept'])]},
	],
	[
		'while several faxes go on at the same time',
		1000,
		{
			steps: [
				ask(['a', 'deliver'], ['b', 'deliver'], ['c', 'accept']),
				ask(['a', 'accept'], ['b', 'giveBack'], ['c', 'confirm']),
				ask(['a', 'confirm'], ['b', 'accept']),
			],
		},
	],
	[
		'while it is written anew after a failed write',
		1000,
		{
			steps: [
				ask(['a', 'accept'], ['b', 'deliver']),
				{kind: 'fail', call: 'append'},
				ask(['b', 'accept'], ['c', 'deliver']),
			],
			depth: 1,
		},
	],
	[
		'while it is written anew after a failed sync',
		1000,
		{
			steps: [
				ask(['a', 'accept'], ['b', 'deliver']),
				{kind: 'fail', call: 'sync'},
				ask(['b', 'accept'], ['c', 'deliver']),
			],
			depth: 1,
		},
	],
	[
		'while it is written anew because it has become long',
		50,
		{
			// One more than these, and the header, is one too many.
			steps: [
				ask(['a', 'accept'], ['b', 'deliver']),
				{kind: 'fill', records: 1999},
				ask(['a', 'confirm'], ['b', 'giveBack'], ['c', 'accept']),
				ask(['b', 'accept']),
			],
			fromStep: 2,
			tears: 4,
		},
	],
];

describe('The ledger of a process that ends in any call to the disk', () => {
	for (const [name, atLeast, options] of cases) {
		it(`keeps what it promised, and invents nothing, ${name}`, async () => {
			check(await crashEverywhere(options), atLeast);
		}).timeout(60_000);
	}

	it('keeps what it promised through crash after crash of the recovery', async () => {
		const contents = await leftBy(['a', 'accept'], ['b', 'deliver']);
		check(
			await crashEverywhere({
				contents,
				known: [
					['a', ['accept']],
					['b', ['deliver']],
				],
				steps: [],
				depth: 2,
			}),
			1000,
		);
	}).timeout(60_000);

	it('keeps every readable record of a damaged file while that is set aside, and the file as it was', async () => {
		const contents = await leftBy(['a', 'accept'], ['b', 'accept'], ['c', 'deliver']);
		const damaged = Buffer.from((contents.get(journalPath) ?? '').toString().replace('"b"', '"x"'));
		const left = new Map([[journalPath, damaged]]);
		check(
			await crashEverywhere({
				contents: left,
				known: [
					['a', ['accept']],
					['c', ['deliver']],
				],
				isDamaged: true,
				steps: [ask(['d', 'accept'])],
				depth: 1,
			}),
			1000,
		);

		const whole = new CrashDisk(left);
		await openLedger(whole);
		for (let call = 1; call <= whole.calls; call += 1) {
			for (const moment of ['before', 'after'] as const) {
				const disk = new CrashDisk(left, {call, moment});
				await Promise.race([openLedger(disk), disk.crashed]);
				for (const remains of disk.remains(journalPath)) {
					should([...remains.contents.values()].some((content) => content.equals(damaged))).be.true(
						`${moment} call ${call}: ${remains.name}`,
					);
				}
			}
		}
	}).timeout(60_000);
});

describe('Random histories of a ledger', () => {
	it('lose and invent nothing, wherever they are crashed', async () => {
		const {figures, problems} = await runJournalCrashes({count: 1500, seed: 1});
		should(problems).be.empty();
		should(figures).match({lost: 0, early: 0});
		should(figures.journalCrashes).be.aboveOrEqual(1500);
	}).timeout(60_000);
});
