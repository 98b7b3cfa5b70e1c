import should from 'should';
import {Confirmations} from '../../../lib/faxes/confirmations';
import {turns, watch, type Outcome} from '../../world/turns';

describe('Confirmations', () => {
	let confirmations: Confirmations;
	beforeEach(() => {
		confirmations = new Confirmations();
	});

	const wait = (...ids: readonly string[]): Outcome<void>[] => ids.map((id) => watch(confirmations.wait(id)));
	const states = async (outcomes: readonly Outcome<void>[]): Promise<string[]> => {
		await turns(1);
		return outcomes.map(({state}) => state);
	};

	it('resolve for everybody who waits for the fax, and for nobody else', async () => {
		const outcomes = wait('a', 'a', 'b');
		confirmations.confirm('a');
		should(await states(outcomes)).deepEqual(['resolved', 'resolved', 'pending']);
	});

	it('reject for everybody who waits for a fax that is refused, and for nobody else', async () => {
		const outcomes = wait('a', 'a', 'b');
		const error = new Error('refused');
		confirmations.refuse('a', error);
		should(await states(outcomes)).deepEqual(['rejected', 'rejected', 'pending']);
		should(outcomes.map((outcome) => outcome.error)).deepEqual([error, error, undefined]);
	});

	it('resolve for all that were confirmed meanwhile', async () => {
		const outcomes = wait('a', 'b', 'c', 'a');
		confirmations.confirmAll((id) => id !== 'b');
		should(await states(outcomes)).deepEqual(['resolved', 'pending', 'resolved', 'resolved']);
	});

	it('settle each wait once: who waits after that waits for the next one', async () => {
		const first = wait('a');
		confirmations.confirm('a');
		const second = wait('a');
		should(await states([...first, ...second])).deepEqual(['resolved', 'pending']);
		confirmations.refuse('a', new Error('refused'));
		should(await states([...first, ...second])).deepEqual(['resolved', 'rejected']);
	});

	it('may come for a fax that nobody waits for', () => {
		confirmations.confirm('a');
		confirmations.refuse('a', new Error('refused'));
		confirmations.confirmAll(() => true);
	});
});
