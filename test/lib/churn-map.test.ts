import {setFlagsFromString, getHeapSpaceStatistics} from 'node:v8';
import {runInNewContext} from 'node:vm';
import should from 'should';
import {ChurnMap} from '../../lib/churn-map';

const entriesOf = <Value>(map: Iterable<[string, Value]>): readonly [string, Value][] => [...map];

/** Lets `count` entries come and go: each is deleted when it is ten steps old. */
const pass = async (map: Pick<ChurnMap<object>, 'set' | 'delete'>, count: number): Promise<void> => {
	for (let index = 0; index < count; index += 1) {
		map.set(`id ${index}`, {payload: new Array<number>(100).fill(index)});
		map.delete(`id ${index - 10}`);
		if (index % 10 === 0) {
			await Promise.resolve();
		}
	}
};

describe('A churn map', () => {
	it('holds what was set and not deleted, in the order of arrival, however much has gone', async () => {
		const map = new ChurnMap<object>();
		map.set('first', {});
		await pass(map, 1000);
		should([...map.keys()]).deepEqual(['first', ...Array.from({length: 10}, (_, index) => `id ${990 + index}`)]);
		should(map.size).equal(11);
		should(map.has('id 989')).be.false();
		should(map.get('id 989')).be.undefined();
		should(map.get('id 990')).equal([...map.values()][1]);
	});

	it('lets an iteration delete entries that it has seen and entries that it has not', () => {
		const map = new ChurnMap<number>();
		for (let index = 0; index < 100; index += 1) {
			map.set(`id ${index}`, index);
		}

		const seen: number[] = [];
		for (const [key, value] of map) {
			seen.push(value);
			map.delete(key);
			map.delete(`id ${99 - value}`);
		}

		should(seen).deepEqual(Array.from({length: 50}, (_, index) => index));
		should(entriesOf(map)).be.empty();
	});

	it('is empty once cleared, even when it was about to be renewed', async () => {
		const map = new ChurnMap<number>();
		// Within one step, so the renewal is due but has not happened.
		for (let index = 0; index < 100; index += 1) {
			map.set(`id ${index}`, index);
			map.delete(`id ${index}`);
		}

		map.set('last', 100);
		map.clear();
		await Promise.resolve();
		should(map.size).equal(0);
		should(entriesOf(map)).be.empty();
	});

	it('does not keep what has gone until the old heap is collected, unlike a Map', async () => {
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void;
		const oldBytes = (): number =>
			getHeapSpaceStatistics().find(({space_name: name}) => name === 'old_space')?.space_used_size ?? 0;
		const growthOf = async (map: Pick<ChurnMap<object>, 'set' | 'delete'>): Promise<number> => {
			await pass(map, 100);
			collect();
			const before = oldBytes();
			// Several collections of the young heap, in any process.
			await pass(map, 150_000);
			return oldBytes() - before;
		};
		const kept = await growthOf(new ChurnMap<object>());
		should(await growthOf(new Map<string, object>())).be.above(2 * Math.max(kept, 2_000_000));
	});
});
