/** Takes the screenshots for README and docs: `npm run screenshots`. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {startSimulator as start} from '../../../simulator';
import {closeBrowser, openPage} from '../../node-red/browser';
import type {EditorPage} from '../../node-red/editor-page';
import {root} from '../../../scripts/setup.mjs';
import {addressOf, chain, credentials, type Flow, type FlowNode} from '../../node-red/node-red-flow';
import {until, untilAllAcknowledged} from '../../node-red/node-red-until';
import {makeFolder, removeFolder} from '../../../scripts/node-red/user-directory.mjs';
import {exampleNames, importExample} from './examples';
import {emptyFlow, legs, Session} from './session';

const pictureOf = (name: string): string => join(root, 'docs', `${name}.png`);

/** Twice the resolution at which they are shown. Every run has the same faxes at the same time. */
const view = {viewport: {width: 1600, height: 900}, deviceScaleFactor: 2, timezoneId: 'Europe/Berlin', locale: 'en-GB'};
const simulated = {seed: 1, clock: () => Date.UTC(2026, 10, 23, 8, 30)};

/** The first example with an account and a folder. */
const firstExample = (session: Session, folder: string): Flow => {
	const nodes = JSON.parse(
		readFileSync(join(root, 'examples', '01 - Receive, archive, acknowledge.json'), 'utf8'),
	) as FlowNode[];
	const account = nodes.find(({type}) => type === 'retarus-account');
	return {
		flows: nodes.map((node) => {
			switch (node.type) {
				case 'tab':
					return {...node, env: [{name: 'FAX_FOLDER', value: folder, type: 'str'}]};
				case 'retarus-account':
					return {...node, ...addressOf(session.simulator)};
				case 'retarus-fax-in':
					return {...node, pollInterval: 1};
				default:
					return node;
			}
		}),
		credentials: {[account?.id ?? '']: credentials},
	};
};

/** The frame around all nodes. Runs in the page. */
function frameOfFlow(): {x: number; y: number; width: number; height: number} {
	const boxes = [...document.querySelectorAll('#red-ui-workspace-chart .red-ui-flow-node-group')].map((node) =>
		node.getBoundingClientRect(),
	);
	const margin = 12;
	const [x, y] = [Math.min(...boxes.map(({left}) => left)) - margin, Math.min(...boxes.map(({top}) => top)) - margin];
	return {
		x,
		y,
		width: Math.max(...boxes.map(({right}) => right)) + margin - x,
		height: Math.max(...boxes.map(({bottom}) => bottom)) + margin - y,
	};
}

const takeFlow = async (session: Session): Promise<void> => {
	const folder = makeFolder();
	try {
		const editor = await session.open(firstExample(session, folder), view);
		for (const sample of ['order', 'letter', 'prescription'] as const) {
			session.simulator.addFax({sample});
		}

		await untilAllAcknowledged(session.simulator);
		const [faxIn] = await editor.nodesOfType('retarus-fax-in');
		await editor
			.status(faxIn?.id ?? '')
			.getByText('idle')
			.waitFor();
		await editor.find('.red-ui-flow-node-status-label').getByText('3', {exact: true}).waitFor();
		await editor.page.mouse.move(0, 0);
		await editor.page.screenshot({path: pictureOf('flow'), clip: await editor.page.evaluate(frameOfFlow)});
	} finally {
		removeFolder(folder);
	}
};

/** Hides the marks of changed and incomplete nodes. */
const withoutMarks =
	'.red-ui-flow-node-changed, .red-ui-flow-node-error, .red-ui-flow-node-status-group { display: none }';

/** Takes every example after its import, at the size at which it is shown. */
const takeExamples = async (session: Session): Promise<void> => {
	const editor = await session.open(emptyFlow, {...view, viewport: {width: 2000, height: 900}, deviceScaleFactor: 1});
	await editor.page.addStyleTag({content: withoutMarks});
	await editor.closeSidebars();
	for (const name of await exampleNames(session)) {
		const first = (await importExample(editor, name)).find(({type}) => type === 'retarus-fax-ack');
		await editor.page.evaluate(`RED.workspaces.show(${JSON.stringify(first?.tab)}); RED.view.select({nodes: []})`);
		await editor.find(`[id="${first?.id}"]`).waitFor();
		await editor.page.mouse.move(0, 0);
		const [number = ''] = name.split(' ');
		await editor.page.screenshot({
			path: pictureOf(join('examples', number)),
			clip: await editor.page.evaluate(frameOfFlow),
		});
	}
};

const takeDialog = async (editor: EditorPage, name: string, height = view.viewport.height): Promise<void> => {
	await editor.page.setViewportSize({...view.viewport, height});
	await editor.page.mouse.move(0, 0);
	await editor.page.evaluate('document.activeElement?.blur()');
	const tray = await editor.find('.red-ui-tray').last().boundingBox();
	const body = await editor.find('.red-ui-tray-body-wrapper').last().boundingBox();
	if (tray && body) {
		// Clips to the body, because in Node-RED 5 the tray also has an invisible handle.
		await editor.page.screenshot({path: pictureOf(name), clip: {...tray, x: body.x, width: body.width}});
	}
};

/** Adds names that a user might choose. */
const named = ({flows, credentials: ofAccount}: Flow): Flow => {
	const names = new Map([
		['account', 'Head office'],
		['fax-in', 'Invoices'],
	]);
	return {flows: flows.map((node) => ({...node, name: names.get(node.id) ?? node.name})), credentials: ofAccount};
};

const takeDialogs = async (session: Session, theme: 'light' | 'dark'): Promise<void> => {
	const editor = await session.open(named(chain(session.simulator, {faxIn: {pollInterval: 30}, between: []})), {
		...view,
		isDark: theme === 'dark',
	});
	await editor.edit('fax-in');
	await editor.find('#retarus-fax-in-test').click();
	await editor.find('#retarus-fax-in-outcome.retarus-good').waitFor();
	await takeDialog(editor, `dialog-fax-in-${theme}`);
	await editor.editAccount();
	await takeDialog(editor, `dialog-account-${theme}`, 620);
	await editor.closeAccount('cancel');
	await editor.close('cancel');
	await editor.edit('fax-ack');
	await takeDialog(editor, `dialog-fax-ack-${theme}`, 560);
};

const takeWaitingFaxes = async (session: Session): Promise<void> => {
	const {simulator} = session;
	const holds: FlowNode = {id: 'holds', type: 'debug', active: false};
	const flow = chain(simulator, {faxIn: {maxInFlight: 1, pollInterval: 1}, between: [holds]});
	const unwired = flow.flows.map((node) => (node.id === 'holds' ? {...node, wires: []} : node));
	const editor = await session.open(named({...flow, flows: unwired}), {...view, viewport: {width: 1600, height: 1000}});
	simulator.addFax({sample: 'order'});
	await until(simulator, () => simulator.faxes().every(({state}) => state.kind === 'locked'));
	simulator.addFax({sample: 'letter'});
	simulator.addFax({sample: 'prescription'});
	await editor.edit('fax-in');
	await editor.find('#retarus-fax-in-look').click();
	await editor.find('#retarus-fax-in-waiting dd button').nth(1).click();
	await editor.find('#retarus-fax-in-pages img').waitFor();
	await takeDialog(editor, 'waiting-faxes', 1000);
};

const takeSimulator = async (): Promise<void> => {
	// Only the built simulator has its web page.
	const {startSimulator} = (await import(join(root, 'simulator', 'dist', 'index.js'))) as {
		startSimulator: typeof start;
	};
	const simulator = await startSimulator(simulated);
	for (const sample of ['order', 'letter', 'prescription', 'notes'] as const) {
		simulator.addFax({sample});
	}

	const {customerNumber, password} = credentials;
	const authorization = `Basic ${Buffer.from(`${customerNumber}:${password}`).toString('base64')}`;
	const ask = (query: string): Promise<Response> =>
		fetch(`${simulator.baseUrl}/topics/demo?${query}`, {method: 'POST', headers: {Authorization: authorization}});
	const {results} = (await (await ask('fetch=2&timeout=300')).json()) as {results: ReadonlyArray<{id: string}>};
	await ask(`fetch=0&ids=${encodeURIComponent(results[0]?.id ?? '')}`);
	const page = await openPage({...view, viewport: {width: 1200, height: 780}});
	await page.goto(simulator.pageUrl);
	await page.locator('#rows li[data-state=acknowledged]').first().waitFor();
	await page.locator('#rows li').nth(1).getByRole('button').click();
	await page.locator('.timeline li').first().waitFor();
	await page.screenshot({path: pictureOf('simulator')});
	await simulator.close();
};

const take = async (): Promise<void> => {
	const [four, five] = legs.map((leg) => new Session(leg));
	for (const [session, pictures] of [
		[four, [takeFlow, takeExamples, (on: Session) => takeDialogs(on, 'light'), takeWaitingFaxes, takeSimulator]],
		[five, [(on: Session) => takeDialogs(on, 'dark')]],
	] as const) {
		if (session) {
			try {
				await session.start(simulated, ['node-red-node-email', 'node-red-node-sqlite']);
				for (const picture of pictures) {
					await picture(session);
				}
			} finally {
				await session.end();
			}
		}
	}
};

void (async () => {
	try {
		await take();
	} finally {
		await closeBrowser();
	}
})();
