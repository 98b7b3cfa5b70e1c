import should from 'should';
import {startSimulator, type Simulator} from '../../../simulator';
import {untilAllAcknowledged} from '../../node-red/node-red-until';
import {emptyFlow, type Session} from './session';

/** The port of the account's choice "The simulator on this machine". */
const port = 8899;

const startAtFixedPort = async (): Promise<Simulator> => {
	try {
		return await startSimulator({port});
	} catch (error) {
		throw new Error(`Port ${port} is taken: end the demo or the simulator that runs there.`, {cause: error});
	}
};

export const describeFirstFax = (session: Session): void => {
	describe('The way from an empty canvas to the first fax', () => {
		let simulator: Simulator;

		before(async () => {
			simulator = await startAtFixedPort();
		});

		after(async () => {
			await simulator.close();
		});

		it('takes at most 12 actions, and the canvas shows that it works', async () => {
			simulator.addFax({sample: 'order'});
			const editor = await session.open(emptyFlow);
			const faxIn = await editor.drop('retarus-fax-in', {x: 200, y: 150});
			const faxAck = await editor.drop('retarus-fax-ack', {x: 450, y: 150});
			await editor.wire(faxIn, faxAck);
			await editor.edit(faxIn.id);
			await editor.user.fill(editor.field('topic'), 'demo');
			await editor.addAccount();
			await editor.user.choose(editor.accountField('region'), 'The simulator on this machine');
			await editor.closeAccount('ok');
			await editor.close('ok');
			await editor.deploy();

			await untilAllAcknowledged(simulator);
			should(simulator.faxes().map(({state}) => state.kind)).deepEqual(['acknowledged']);
			should(editor.user.count).be.within(8, 12);
			await editor.status(faxIn.id).getByText('idle').waitFor();
			await editor.status(faxAck.id).getByText('1').waitFor();
			(await editor.nodesOfType('retarus-account')).map(({problems}) => problems).should.deepEqual([[]]);
		});
	});
};
