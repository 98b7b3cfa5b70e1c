import should from 'should';
import {runWorkerKills} from './kills';

describe('A bare worker that is killed again and again', () => {
	it('loses no fax, acknowledges none early, and delivers none again whose acknowledge it had accepted', async () => {
		const {figures, problems} = await runWorkerKills({count: 50, seed: 1});
		should(problems).be.empty();
		should(figures).match({workerKills: 50, lost: 0, early: 0, acceptedAgain: 0});
		should(figures.workerFaxes).be.above(100);
	}).timeout(120_000);
});
