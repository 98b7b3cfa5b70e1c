import fc from 'fast-check';
import {Journal} from '../../../../lib/ledger/journal';
import {encode} from '../../../../lib/ledger/journal-lines';
import {JournalLedger, topicWithUnconfirmed} from '../../../../lib/ledger/journal-ledger';
import type {Ledger} from '../../../../lib/ledger/ledger';
import {isFaxId} from '../../../../lib/config-checks';
import {testEnvironment} from '../../../world/environment';
import {recordsOf} from '../../../world/journal-records';
import {MemoryFiles} from '../../../world/memory-files';
import {hold} from '../claims';
import {anyString} from '../hostile';
import {slowSubject} from '../subject';

const path = '/state/t.journal';

interface Step {
	readonly act: 'deliver' | 'fail' | 'giveBack' | 'accept' | 'confirm' | 'refuse';
	readonly id: string;
}

const step: fc.Arbitrary<Step> = fc.record({
	act: fc.constantFrom('deliver', 'deliver', 'fail', 'giveBack', 'accept', 'accept', 'confirm', 'refuse'),
	id: fc.oneof(
		fc.constantFrom('a', 'b', 'c'),
		anyString.filter((id) => isFaxId(id)),
	),
});

const failure = {code: 'RETARUS_TIMEOUT', reason: 'overdue', facts: {id: 'a', topic: 't', seconds: 5}} as const;

const carryOut = async (ledger: Ledger, {act, id}: Step): Promise<void> => {
	switch (act) {
		case 'deliver':
			await ledger.deliver(id);
			break;
		case 'fail':
		case 'giveBack':
			await ledger.fail(id, ledger.deliveries(id), failure, act === 'giveBack');
			break;
		default:
			await ledger[act](id);
	}
};

const open = async (content: Buffer): Promise<Ledger> => {
	const files = new MemoryFiles();
	files.put(path, content);
	const ledger = new JournalLedger('t', path, testEnvironment({files}), false);
	await ledger.open();
	return ledger;
};

/** What a ledger knows of some faxes. */
const knows = (ledger: Ledger, ids: readonly string[]): string =>
	JSON.stringify(
		ids.map((id) => {
			const deliveries = ledger.deliveries(id);
			return [
				id,
				ledger.settlement(id),
				deliveries,
				ledger.lastDelivery(id)?.failure?.code,
				ledger.wasGivenBack(id, deliveries),
			];
		}),
	);

const written = async (
	steps: readonly Step[],
): Promise<{readonly content: Buffer; readonly known: string; readonly ids: readonly string[]}> => {
	const files = new MemoryFiles();
	const ledger = new JournalLedger('t', path, testEnvironment({files}), false);
	await ledger.open();
	for (const one of steps) {
		await carryOut(ledger, one);
	}

	const ids = [...new Set(steps.map(({id}) => id))];
	const known = knows(ledger, ids);
	await ledger.close();
	return {content: Buffer.from((await files.read(path)) ?? ''), known, ids};
};

/** Bytes cut out, put in, overwritten, or a tail that is gone. */
const damage = fc.array(
	fc.tuple(
		fc.nat(5000),
		fc.nat(60),
		fc.oneof(
			fc.uint8Array({maxLength: 6}),
			fc
				.constantFrom(
					'00000000 \n',
					'00000000 {}\n',
					'\n\n',
					'\0\0\0',
					'{"type":"accepted","id":"invented","atMs":1}\n',
				)
				.map((text) => new Uint8Array(Buffer.from(text))),
		),
	),
	{minLength: 1, maxLength: 3},
);

const damaged = (content: Buffer, cuts: readonly (readonly [number, number, Uint8Array])[]): Buffer => {
	let bytes = content;
	for (const [at, length, instead] of cuts) {
		const start = at % (bytes.length + 1);
		bytes = Buffer.concat([bytes.subarray(0, start), instead, bytes.subarray(start + length)]);
	}

	return bytes;
};

/** The states that a ledger with fewer records of the same history may have: never more than was said. */
const holdNothingInvented = (ledger: Ledger, steps: readonly Step[]): void => {
	for (const id of ledger.unconfirmed) {
		hold(
			steps.some((one) => one.id === id && one.act === 'accept'),
			() => `${id} would be acknowledged, and nobody asked for it`,
		);
	}

	hold(ledger.settlement('invented') === undefined, () => 'a line without its checksum was believed');
};

export const journals = slowSubject('A journal', 'others', fc.tuple(fc.array(step, {maxLength: 8}), damage), {
	async 'is read back as it was written'([steps]) {
		const {content, known, ids} = await written(steps);
		const ledger = await open(content);
		hold(knows(ledger, ids) === known, () => `${known} is read as ${knows(ledger, ids)}`);
		await ledger.close();
	},
	async 'is read in spite of any damage, without a record that was never written'([steps, cuts]) {
		const {content} = await written(steps);
		const before = new Set(recordsOf(content).map((record) => JSON.stringify(record)));
		const records = recordsOf(damaged(content, cuts));
		hold(
			records.every((record) => before.has(JSON.stringify(record))),
			() => `invented: ${JSON.stringify(records)}`,
		);
	},
	async 'never makes an acknowledge of damage'([steps, cuts]) {
		const {content} = await written(steps);
		const bytes = damaged(content, cuts);
		const ledger = await open(bytes);
		holdNothingInvented(ledger, steps);
		await ledger.close();
		const files = new MemoryFiles();
		files.put(path, bytes);
		await topicWithUnconfirmed(files, path);
	},
	async 'keeps records of any JSON, in their order'([steps]) {
		const files = new MemoryFiles();
		const applied: unknown[] = [];
		const journal = new Journal({
			files,
			path,
			apply: (record) => applied.push(record),
			snapshot: () => [],
			wallMs: () => 0,
		});
		await journal.recover();
		for (const {id} of steps) {
			await journal.append({[id]: id}, 'written');
		}

		await journal.close();
		const content = files.get(path) ?? '';
		hold(JSON.stringify(recordsOf(content)) === JSON.stringify(applied), () => content);
		hold(applied.map((record) => encode(record)).join('') === content, () => content);
	},
});
