import should from 'should';
import {runWorkerKills} from './kills';

const kills = 50;

describe('A process with nothing but the core, killed at random moments,', () => {
	it('loses no fax, acknowledges none early and redelivers none that it accepted', async () => {
		const {figures, problems} = await runWorkerKills({count: kills, seed: 1});
		should(problems).be.empty();
		should(figures).match({workerKills: kills, lost: 0, early: 0, acceptedAgain: 0});
		should(figures.workerFaxes).be.above(100);
		should(figures.duplicates).be.above(0, 'some kills hit a fax in flight');
	}).timeout(120_000);
});
