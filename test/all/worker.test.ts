import should from 'should';
import {runWorkerKills} from '../worker/kills';

describe('A bare worker that is killed 200 times', () => {
	it('loses no fax, acknowledges none early, and delivers none again whose acknowledge it had accepted', async () => {
		const {figures, problems} = await runWorkerKills({count: 200, seed: 2});
		should(problems).be.empty();
		should(figures).match({workerKills: 200, lost: 0, early: 0, acceptedAgain: 0});
		should(figures.duplicates).be.above(0);
	}).timeout(300_000);
});
