import should from 'should';
import type {EditorPage} from '../../node-red/editor-page';
import {chain} from '../../node-red/node-red-flow';
import type {Session} from './session';

const topicMissing = 'No topic: enter the topic that Retarus gave you for your fax numbers.';
const batchSize = '"Faxes per poll" must be a whole number from 1 to 1000, not "5000".';
const pollInterval = '"Ask Retarus every" must be a whole number from 0 to 86400, not "abc".';
const baseUrl =
	'The base URL is invalid: use the form https://host/faxin/rest/v1, with http or https, ' +
	'without a user name, query or fragment.';
const noCredentials =
	'The customer number or the password is missing: enter both in the account. ' +
	'If they were there before, Node-RED could not decrypt them: check credentialSecret.';

export const describeMistakes = (session: Session): void => {
	describe('A user who makes a mistake', () => {
		let editor: EditorPage;
		before(async () => {
			editor = await session.open(chain(session.simulator, {faxIn: {pollInterval: 60}, between: []}));
		});

		it('sees at the field what is wrong and what is allowed', async () => {
			await editor.edit('fax-in');
			await editor.find('#retarus-fax-in-advanced summary').click();
			for (const [property, entry, sentence] of [
				['topic', '', topicMissing],
				['pollInterval', 'abc', pollInterval],
				['batchSize', '5000', batchSize],
			] as const) {
				const field = editor.field(property);
				await editor.user.fill(field, entry);
				should(await field.getAttribute('class')).match(/input-error/);
				should(await editor.tooltipOf(field)).equal(sentence);
			}
		});

		it('sees the same in the account', async () => {
			await editor.editAccount();
			for (const [property, entry, sentence] of [
				['baseUrl', 'nonsense', baseUrl],
				['password', '', noCredentials],
			] as const) {
				const field = editor.accountField(property);
				await editor.user.fill(field, entry);
				should(await editor.tooltipOf(field)).equal(sentence);
			}

			await editor.closeAccount('ok');
			await editor.close('ok');
		});

		it('sees the problems on the canvas, and in the list before a deploy', async () => {
			should(await editor.nodeOfType('retarus-fax-in')).have.property('problems', [
				'Account: invalid configuration node',
				topicMissing,
				pollInterval,
				batchSize,
			]);
			should(await editor.nodeOfType('retarus-account')).have.property('problems', [noCredentials, baseUrl]);
			const badge = await editor.labelOf(editor.find('#fax-in .red-ui-flow-node-error'));
			for (const sentence of [topicMissing, pollInterval, batchSize]) {
				should(badge).containEql(sentence);
			}

			await editor.user.click(editor.find('#red-ui-header-button-deploy'));
			const list = editor.find('.red-ui-deploy-dialog-confirm-list li');
			await list.first().waitFor();
			should(await list.allInnerTexts()).deepEqual(['nonsense (retarus-account)', '[Test] fax in (retarus-fax-in)']);
			await editor.find('.red-ui-notification button').getByText('Cancel').click();
		});
	});
};
