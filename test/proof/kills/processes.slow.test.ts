import should from 'should';
import {runProcesses} from './processes';

describe('Two and four Node-REDs on one topic, one of them killed', function () {
	this.timeout(120_000);

	it('deliver every fax, and none twice unless a lock had run out', async () => {
		const {
			figures: {lost, early, duplicatesUnexplained},
			problems,
		} = await runProcesses({count: 1, seed: Math.floor(Math.random() * 2 ** 31)});
		should(problems).be.empty();
		should({lost, early, duplicatesUnexplained}).deepEqual({lost: 0, early: 0, duplicatesUnexplained: 0});
	});
});
