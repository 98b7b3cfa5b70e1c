import should from 'should';
import {runNodeRedKills} from './node-red-kills';

describe('A real Node-RED that is killed twice in the middle of its work', function () {
	this.timeout(60_000);

	it('loses no fax, acknowledges none early, and delivers none again that was accepted', async () => {
		const {
			figures: {nodeRedKills, lost, early, acceptedAgain},
			problems,
		} = await runNodeRedKills({count: 2, seed: Math.floor(Math.random() * 2 ** 31)});
		should(problems).be.empty();
		should({nodeRedKills, lost, early, acceptedAgain}).deepEqual({
			nodeRedKills: 2,
			lost: 0,
			early: 0,
			acceptedAgain: 0,
		});
	});
});
