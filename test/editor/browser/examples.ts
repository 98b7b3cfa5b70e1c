import should from 'should';
import manifest from '../../../package.json';
import type {EditorPage} from '../../node-red/editor-page';
import {emptyFlow, type Session} from './session';

/** The node types of modules that an example may name in its comment. */
const typesOfModule: Readonly<Record<string, readonly string[]>> = {
	'node-red-node-email': ['e-mail'],
	'node-red-node-sqlite': ['sqlite', 'sqlitedb'],
};

/** The problems that only the user can solve. An example must have no others. */
const toBeFilledIn = ['No topic: enter the topic that Retarus gave you for your fax numbers.'];

export const describeExamples = (session: Session): void => {
	describe('Every example', () => {
		let editor: EditorPage;
		before(async () => {
			editor = await session.open(emptyFlow);
		});

		it('imports without missing nodes or problems, except for those that it announces', async () => {
			const names = await exampleNames(session);
			should(names.length).be.above(10);
			for (const name of names) {
				const nodes = await importExample(editor, name);
				should(nodes.length).be.above(5, name);
				const comment = nodes.find(({type}) => type === 'comment')?.name ?? '';
				const named = Object.entries(typesOfModule)
					.filter(([module]) => comment.includes(module))
					.flatMap(([, types]) => types);
				should(nodes.filter(({isUnknown, type}) => isUnknown && !named.includes(type))).be.empty();
				const problems = nodes
					.filter(({isUnknown}) => !isUnknown)
					.flatMap((node) => node.problems.map((problem) => `${name}: ${node.type}: ${problem}`));
				should(problems.filter((problem) => !toBeFilledIn.some((allowed) => problem.endsWith(allowed)))).be.empty();
			}
		}).timeout(180_000);
	});
};

/** The examples that Node-RED offers. */
export const exampleNames = async ({nodeRed}: Session): Promise<readonly string[]> =>
	((await nodeRed.json(`/library/examples/flows/${manifest.name}`)) as ReadonlyArray<{fn: string}>).map(({fn}) => fn);

/** Imports an example. Returns the nodes of its tab, which the editor does not always show. */
export const importExample = async (editor: EditorPage, name: string): ReturnType<EditorPage['nodesOfTab']> => {
	const before = await tabsOf(editor);
	await editor.page.evaluate('RED.actions.invoke("core:show-examples-import-dialog")');
	const dialog = editor.find('#red-ui-clipboard-dialog');
	const entry = dialog.getByText(name, {exact: true});
	const ofPackage = dialog.getByText(manifest.name, {exact: true});
	await ofPackage.waitFor();
	if (!(await entry.isVisible())) {
		await ofPackage.click();
	}

	await entry.click();
	await editor.find('#red-ui-clipboard-dialog-ok').click();
	await editor.page.waitForFunction(`RED.nodes.getWorkspaceOrder().length > ${before.length}`);
	const [tab = ''] = (await tabsOf(editor)).filter((id) => !before.includes(id));
	return editor.nodesOfTab(tab);
};

const tabsOf = (editor: EditorPage): Promise<readonly string[]> =>
	editor.page.evaluate<string[]>('[...RED.nodes.getWorkspaceOrder()]');
