import 'should';
import {a} from '../../bench/questions/a-drain';
import {b} from '../../bench/questions/b-requests';
import {e} from '../../bench/questions/e-memory';
import type {Question, Result} from '../../bench/result';

/** Compares ratios, with far wider margins than `npm run bench`: what fails here is broken, not slow. */
describe('Draining a topic', function () {
	this.timeout(60_000);

	const ask = async (question: Question): Promise<(what: string) => Result> => {
		const results = await question({rounds: 1, minutes: 1, isShort: true, progress: () => undefined});
		return (what) => {
			const result = results.find((one) => one.what.includes(what));
			if (!result) {
				throw new Error(`no result mentions "${what}"`);
			}

			return result;
		};
	};

	it('is nearly as fast as a bare loop, and far faster than one document at a time', async () => {
		const result = await ask(a);
		result('relative to one document at a time').measured.should.be.above(4);
		result('relative to a bare undici loop').measured.should.be.above(40);
	});

	it('takes one request per document and one per batch', async () => {
		const result = await ask(b);
		for (const [batchSize, most] of [
			[10, 1.15],
			[50, 1.05],
			[100, 1.04],
		] as const) {
			result(`batch ${batchSize}`).measured.should.be.within(1, most);
		}
	});

	it('uses little more memory than the documents in flight', async () => {
		const result = await ask(e);
		const {measured, goal} = result('peak memory');
		measured.should.be.below(2 * (goal?.most ?? 0));
	});
});
