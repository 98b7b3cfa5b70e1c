import should from 'should';
import {startSimulator, type Simulator} from '../../../simulator';
import type {EditorPage} from '../../node-red/editor-page';
import {chain} from '../../node-red/node-red-flow';
import type {Session} from './session';

const hostOf = ({baseUrl}: Simulator): string => new URL(baseUrl).host;

export const describeConnectionTest = (session: Session): void => {
	describe('"Test connection"', () => {
		let editor: EditorPage;

		const outcome = async (button: string, words: RegExp): Promise<string> => {
			await editor.find(`#${button}-test`).click();
			const line = editor.find(`#${button}-outcome`).getByText(words);
			await line.waitFor();
			return line.innerText();
		};

		before(async () => {
			editor = await session.open(chain(session.simulator, {faxIn: {pollInterval: 0, inputs: 1}, between: []}));
			session.simulator.addFax({sample: 'order'});
			await editor.edit('fax-in');
		});

		it('confirms in one line that account and topic work, with the time in milliseconds', async () => {
			should(await outcome('retarus-fax-in', /^It works/)).match(
				new RegExp(`^It works: ${hostOf(session.simulator)} answered in \\d+ ms\\.$`),
			);
		});

		it('tests the topic in the field, deployed or not', async () => {
			await editor.user.fill(editor.field('topic'), 'elsewhere');
			should(await outcome('retarus-fax-in', /elsewhere/)).equal(
				'Retarus does not know topic elsewhere: correct it in the node.',
			);
			await editor.user.fill(editor.field('topic'), 'demo');
		});

		it('reports what it can about an account without a topic', async () => {
			await editor.editAccount();
			should(await outcome('retarus-account', /answered in/)).match(
				/did not refuse the credentials\. To test the topic, use the fax in node\.$/,
			);
		});

		it('sends a stored password only to the address it was deployed with', async () => {
			const other = await startSimulator();
			try {
				await editor.user.fill(editor.accountField('baseUrl'), other.baseUrl);
				should(await outcome('retarus-account', /password/)).equal(
					'Enter the password again to test this address: ' +
						'a stored password is only sent to the address it was deployed with.',
				);
				should(other.requests.count).equal(0);
				await editor.user.fill(editor.accountField('password'), 'secret');
				should(await outcome('retarus-account', /answered in/)).containEql(hostOf(other));
				should(other.requests.count).be.above(0);
			} finally {
				await other.close();
			}
		});

		it('uses changes to the account before they are deployed, and reports a wrong password', async () => {
			await editor.user.fill(editor.accountField('baseUrl'), session.simulator.baseUrl);
			await editor.user.fill(editor.accountField('password'), 'wrong');
			await editor.closeAccount('ok');
			should(await outcome('retarus-fax-in', /password/)).equal(
				'Retarus does not accept the customer number or the password: correct them in the account.',
			);
			await editor.close('cancel');
		});

		it('locks nothing and acknowledges nothing', () => {
			should(session.simulator.faxes().map(({state}) => state.kind)).deepEqual(['waiting']);
			should(session.simulator.requests.all().filter(({query}) => query.includes('ids='))).be.empty();
		});
	});
};
