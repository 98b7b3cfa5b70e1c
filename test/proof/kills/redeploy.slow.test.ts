import should from 'should';
import {runRedeploys} from './redeploys';

describe('Twenty redeploys of a real Node-RED under load', function () {
	this.timeout(180_000);

	it('are each answered within seconds, never have two polls of a queue at a time, and lose no fax', async () => {
		const {
			figures: {redeploys, worstCloseMs, worstP99CloseMs, twoPollers, lost, early},
			problems,
		} = await runRedeploys({count: 20, seed: Math.floor(Math.random() * 2 ** 31)});
		should(problems).be.empty();
		should({redeploys, twoPollers, lost, early}).deepEqual({redeploys: 20, twoPollers: 0, lost: 0, early: 0});
		should(worstCloseMs).be.belowOrEqual(8000);
		should(worstP99CloseMs).be.belowOrEqual(2000);
	});
});
