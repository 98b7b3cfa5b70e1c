import should from 'should';
import type {EditorPage} from '../../node-red/editor-page';
import {chain, type Flow} from '../../node-red/node-red-flow';
import {describeViolations, findViolations} from './accessibility';
import {layoutProblems} from './layout';
import type {Session} from './session';

const phone = {width: 360, height: 740};

/** The id of the focused element. Runs in the page. */
const focused = (): string => document.activeElement?.id ?? '';

/** The ids of the elements that a keyboard must reach in the open form, in order. Runs in the page. */
function reachable(): string[] {
	const form = [...document.querySelectorAll<HTMLElement>('.retarus-form')].find((one) => one.checkVisibility());
	return [...(form?.querySelectorAll<HTMLElement>('input, select, button, a[href], summary') ?? [])]
		.filter((element) => element.checkVisibility())
		.map((element) => (element.id ||= `reached-${Math.random()}`));
}

export const describeAppearance = (session: Session): void => {
	const flow = (): Flow => chain(session.simulator, {faxIn: {pollInterval: 0, inputs: 1, batchSize: 20}, between: []});

	/** Opens every dialog, in each state with elements of its own. */
	const walk = async (editor: EditorPage, check: (dialog: string) => Promise<void>): Promise<void> => {
		session.simulator.addFax({sample: 'notes'});
		await editor.show('fax-in');
		await editor.user.fill(editor.field('maxDeliveries'), '3');
		await editor.find('#retarus-fax-in-test').click();
		await editor.find('#retarus-fax-in-outcome.retarus-good').waitFor();
		await editor.find('#retarus-fax-in-look').click();
		await editor.find('#retarus-fax-in-waiting dd button').first().click();
		await editor.find('#retarus-fax-in-pages img').waitFor();
		await check('fax in');
		await editor.user.fill(editor.field('topic'), 'elsewhere');
		await editor.find('#retarus-fax-in-test').click();
		await editor.find('#retarus-fax-in-outcome.retarus-bad').waitFor();
		await check('fax in, with an error');
		await editor.editAccount();
		await editor.find('#retarus-account-advanced summary').click();
		await editor.find('#retarus-account-test').click();
		await editor.find('#retarus-account-outcome.retarus-good').waitFor();
		await check('account');
		await editor.closeAccount('cancel');
		await editor.close('cancel');
		await editor.show('fax-ack');
		await editor.find('#retarus-fax-ack-advanced summary').click();
		await check('fax ack');
		await editor.close('cancel');
	};

	const themes = session.leg.hasDarkTheme ? (['light', 'dark'] as const) : (['light'] as const);
	for (const theme of themes) {
		describe(`The dialogs in the ${theme} theme`, () => {
			it('pass axe-core without a serious violation', async function () {
				const editor = await session.open(flow(), {isDark: theme === 'dark'});
				const found: string[] = [];
				const {frame} = await findViolations(editor.page);
				await walk(editor, async (dialog) => {
					const {ours} = await findViolations(editor.page);
					found.push(...ours.map((violation) => `${dialog}: ${violation}`));
					const colour = await editor.page.evaluate(
						'getComputedStyle([...document.querySelectorAll(".retarus-form label")].at(-1)).color',
					);
					should(brightnessOf(String(colour)) > 128).equal(theme === 'dark');
				});
				should(found).be.empty();
				if (this.test) {
					this.test.title += ` (in Node-RED's own frame: ${describeViolations(frame)})`;
				}
			});
		});
	}

	describe('The dialogs on a phone, 360 pixels wide', () => {
		it('neither overlap nor cut off anything once the sidebars are closed', async () => {
			const editor = await session.open(flow(), {viewport: phone});
			await editor.closeSidebars();
			const found: string[] = [];
			await walk(editor, async (dialog) => {
				found.push(...(await editor.page.evaluate(layoutProblems)).map((problem) => `${dialog}: ${problem}`));
			});
			should(found).be.empty();
		});
	});

	describe('A dialog used by keyboard alone', () => {
		it('opens, reaches every field in order, and keeps what was entered', async () => {
			const {flows, credentials} = flow();
			const editor = await session.open({
				flows: flows
					.filter(({id}) => id !== 'fax-ack')
					.map((node) => (node.id === 'fax-in' ? {...node, wires: []} : node)),
				credentials,
			});
			const {keyboard} = editor.page;
			await tabTo(editor, 'red-ui-workspace-chart', 20);
			await keyboard.press('Control+a');
			await keyboard.press('Enter');
			await editor.field('name').waitFor();
			const wanted = await editor.page.evaluate(reachable);
			should(wanted).containEql('node-input-batchSize');
			await tabTo(editor, wanted[0] ?? '', 20);
			const reached = [wanted[0]];
			for (let last = wanted[0]; last !== wanted.at(-1) && reached.length < 40;) {
				await keyboard.press('Tab');
				last = await editor.page.evaluate(focused);
				reached.push(last);
			}

			should(reached).deepEqual(wanted);
			await keyboard.press('Control+a');
			await keyboard.type('99');
			await keyboard.press('Control+Enter');
			await editor.untilClosed();
			should((await editor.nodeOfType('retarus-fax-in')).properties).have.property('maxFaxSize', '99');
		});
	});
};

const tabTo = async (editor: EditorPage, id: string, limit: number): Promise<void> => {
	for (let press = 0; press <= limit; press++) {
		if ((await editor.page.evaluate(focused)) === id) {
			return;
		}

		await editor.page.keyboard.press('Tab');
	}

	throw new Error(`The Tab key does not reach ${id}.`);
};

const brightnessOf = (colour: string): number =>
	Math.max(...(colour.match(/[\d.]+/g) ?? ['0']).slice(0, 3).map(Number));
