import 'should';
import {a} from '../../bench/questions/a-drain';
import {b} from '../../bench/questions/b-requests';
import {e} from '../../bench/questions/e-memory';
import type {Question, Result} from '../../bench/result';

/** Ratios only, and far from what `npm run bench` measures: what fails here is broken, not slow. */
describe('The pace', function () {
	this.timeout(60_000);

	const ask = async (question: Question): Promise<(what: string) => Result> => {
		const results = await question({rounds: 1, minutes: 1, isShort: true, progress: () => undefined});
		return (what) => {
			const result = results.find((one) => one.what.includes(what));
			if (!result) {
				throw new Error(`nothing was measured about "${what}"`);
			}

			return result;
		};
	};

	it('is that of a client which fetches documents in parallel, near that of a bare loop', async () => {
		const result = await ask(a);
		result('of one document at a time').measured.should.be.above(4);
		result('of a bare undici loop').measured.should.be.above(40);
	});

	it('takes one request for a document, and one for a batch', async () => {
		const result = await ask(b);
		for (const [batchSize, most] of [
			[10, 1.15],
			[50, 1.05],
			[100, 1.04],
		] as const) {
			result(`batch ${batchSize}`).measured.should.be.within(1, most);
		}
	});

	it('needs no more memory than what is in flight and a little', async () => {
		const result = await ask(e);
		const {measured, goal} = result('peak memory');
		measured.should.be.below(2 * (goal?.most ?? 0));
	});
});
