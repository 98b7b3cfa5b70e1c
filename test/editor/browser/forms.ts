import should from 'should';
import type {EditorPage} from '../../node-red/editor-page';
import {chain, type Flow} from '../../node-red/node-red-flow';
import type {Session} from './session';

const outputPorts = '#fax-in .red-ui-flow-port-output';
const inputPorts = '#fax-in .red-ui-flow-port-input';

export const describeForms = (session: Session): void => {
	describe('The dialogs', () => {
		let editor: EditorPage;
		const flow = (): Flow => chain(session.simulator, {faxIn: {pollInterval: 0, inputs: 1}, between: []});

		before(async () => {
			editor = await session.open(flow());
		});

		it('add and remove output 2 and the input port', async () => {
			should([await editor.find(outputPorts).count(), await editor.find(inputPorts).count()]).deepEqual([1, 1]);
			await editor.edit('fax-in');
			await editor.user.fill(editor.field('maxDeliveries'), '3');
			await editor.named(/^Output 2 takes faxes/).waitFor();
			await editor.user.fill(editor.field('pollInterval'), '60');
			await editor.find('#retarus-fax-in-input-port').uncheck();
			await editor.close('ok');
			should([await editor.find(outputPorts).count(), await editor.find(inputPorts).count()]).deepEqual([2, 0]);
			should(await editor.labelOf(editor.find(`${outputPorts} .red-ui-flow-port`).nth(1))).equal('failed too often');

			await editor.edit('fax-in');
			await editor.user.fill(editor.field('maxDeliveries'), '0');
			await editor.find('#retarus-fax-in-input-port').check();
			await editor.close('ok');
			should([await editor.find(outputPorts).count(), await editor.find(inputPorts).count()]).deepEqual([1, 1]);
			should(await editor.labelOf(editor.find(`${inputPorts} .red-ui-flow-port`))).equal('poll, pause, resume');
		});

		it('preselect the only account for a dropped node', async () => {
			await editor.user.drag(
				editor.find('.red-ui-palette-node[data-palette-type="retarus-fax-in"]'),
				editor.find('#red-ui-workspace-chart'),
				{x: 300, y: 300},
			);
			await editor.page.waitForFunction('RED.nodes.filterNodes({type: "retarus-fax-in"}).length === 2');
			const dropped = (await editor.nodesOfType('retarus-fax-in')).find(({id}) => id !== 'fax-in');
			should(dropped?.properties.account).equal('account');
		});

		it('accept a variable as the region, and keep it', async () => {
			await editor.edit('fax-in');
			await editor.editAccount();
			await editor.user.choose(editor.accountField('region'), 'Environment variable');
			const variable = editor.page.getByLabel('Environment variable, as ${NAME}');
			await editor.user.fill(variable, '${FAX_REGION}');
			await editor.find('#retarus-account-base-url').waitFor();
			await editor.closeAccount('ok');
			await editor.editAccount();
			should(await variable.inputValue()).equal('${FAX_REGION}');
			await editor.closeAccount('cancel');
			await editor.close('ok');
			should(await editor.nodeOfType('retarus-account'))
				.have.propertyByPath('properties', 'region')
				.equal('${FAX_REGION}');
		});

		it('create another account, which the node then uses', async () => {
			await editor.edit('fax-in');
			await editor.find('#node-input-account').selectOption('_ADD_');
			await editor.addAccount();
			await editor.user.fill(editor.accountField('name'), 'Second');
			await editor.user.fill(editor.accountField('customerNumber'), '11111');
			await editor.user.fill(editor.accountField('password'), 'other');
			await editor.closeAccount('ok');
			await editor.close('ok');
			const second = (await editor.nodesOfType('retarus-account')).find(({name}) => name === 'Second');
			should(second).have.property('problems', []);
			const faxIn = (await editor.nodesOfType('retarus-fax-in')).find(({id}) => id === 'fax-in');
			should(faxIn?.properties.account).equal(second?.id);
		});

		it('show the guard of fax ack only where it applies, and label the node by its action', async () => {
			await editor.edit('fax-ack');
			await editor.find('#retarus-fax-ack-guard').waitFor();
			await editor.user.choose(editor.field('action'), 'Give back (try again)');
			await editor.find('#retarus-fax-ack-guard').waitFor({state: 'hidden'});
			await editor.named('This flow failed: the fax rests for a while and is delivered again.').waitFor();
			await editor.close('ok');
			should(await editor.find('#fax-ack .red-ui-flow-node-label').textContent()).equal('give fax back');
		});
	});
};
