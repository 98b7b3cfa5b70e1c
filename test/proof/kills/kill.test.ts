import should from 'should';
import {runNodeRedKills} from './node-red-kills';

const kills = 3;

describe('A real Node-RED, killed at random moments,', function () {
	this.timeout(90_000);

	it('loses no fax, acknowledges none early and redelivers none that it accepted', async () => {
		const {figures, problems} = await runNodeRedKills({count: kills, seed: Math.floor(Math.random() * 2 ** 31)});
		should(problems).be.empty();
		should(figures).match({nodeRedKills: kills, lost: 0, early: 0, acceptedAgain: 0});
	});
});
