import {mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import type {BrowserContextOptions, Locator, Page} from 'playwright-core';
import {openPage} from './browser';

/** What a person does with mouse and keyboard; each deed counts as one. */
export class Actions {
	#count = 0;

	constructor(private readonly page: Page) {}

	get count(): number {
		return this.#count;
	}

	async click(target: Locator): Promise<void> {
		this.#count += 1;
		await target.click();
	}

	async doubleClick(target: Locator): Promise<void> {
		this.#count += 1;
		await target.dblclick();
	}

	/** Enters a text and leaves the field, for only then it is validated. */
	async fill(field: Locator, text: string): Promise<void> {
		this.#count += 1;
		await field.fill(text);
		await field.press('Tab');
	}

	async choose(list: Locator, label: string): Promise<void> {
		this.#count += 1;
		await list.selectOption({label});
	}

	async drag(source: Locator, target: Locator, targetPosition: {x: number; y: number}): Promise<void> {
		this.#count += 1;
		await source.dragTo(target, {targetPosition});
	}

	/** Draws a wire. */
	async wire(from: Locator, to: Locator): Promise<void> {
		this.#count += 1;
		const [start, end] = [await middleOf(from), await middleOf(to)];
		await this.page.mouse.move(start.x, start.y);
		await this.page.mouse.down();
		await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, {steps: 4});
		await this.page.mouse.move(end.x, end.y, {steps: 4});
		await this.page.mouse.up();
	}
}

const middleOf = async (target: Locator): Promise<{x: number; y: number}> => {
	const box = await target.boundingBox();
	if (box === null) {
		throw new Error('Nothing is to be seen where the mouse should go.');
	}

	return {x: box.x + box.width / 2, y: box.y + box.height / 2};
};

/** A node as the editor holds it. */
export interface EditorNode {
	readonly id: string;
	readonly type: string;
	readonly name: string;
	/** Id of its tab. */
	readonly tab: string;
	/** The sentences about what is wrong with it. */
	readonly problems: readonly string[];
	readonly properties: Readonly<Record<string, unknown>>;
}

interface EditorOptions extends BrowserContextOptions {
	/** Node-RED 5 has it. */
	readonly isDark?: boolean;
}

/** How long the editor may take for one thing, on a machine that does others beside. */
const limitMs = 20_000;

/** Runs in the page. */
const isReady =
	'globalThis.RED?.workspaces?.active() && document.querySelector("#red-ui-loading-progress")?.checkVisibility() === false';

/** The nodes that a condition selects, as plain data. Runs in the page. */
const nodesWhere = (condition: string): string => `(() => {
	const found = [];
	const visit = (node) => {
		const type = node.type === 'unknown' ? node._orig.type : node.type;
		const {id, name = '', z = ''} = node;
		if (${condition}) {
			RED.editor.validateNode(node);
			const properties = Object.fromEntries(Object.keys(node._def.defaults ?? {}).map(key => [key, node[key]]));
			found.push({id, type, name, tab: z, isUnknown: node.type === 'unknown', problems: node.validationErrors ?? [], properties: {...properties, inputs: node.inputs, outputs: node.outputs}});
		}
		return true;
	};
	RED.nodes.eachConfig(visit);
	RED.nodes.eachNode(visit);
	return found;
})()`;

/** Node-RED's editor in a real browser. */
export class EditorPage {
	readonly user: Actions;
	/** What the browser complained about. */
	readonly complaints: string[] = [];

	static async open(url: string, {isDark = false, ...options}: EditorOptions = {}): Promise<EditorPage> {
		const page = await openPage({
			locale: 'en-US',
			viewport: {width: 1400, height: 900},
			reducedMotion: 'reduce',
			...options,
		});
		page.setDefaultTimeout(limitMs);
		const editor = new EditorPage(page);
		await editor.load(url);
		if (isDark) {
			await page.evaluate('document.documentElement.classList.add("nr-theme-dark")');
		}

		return editor;
	}

	/** Loads the editor, also once more, with what is deployed then. */
	async load(url: string): Promise<void> {
		await this.page.goto(url);
		await this.page.waitForFunction(isReady);
		// Nothing slides or fades.
		await this.page.evaluate('jQuery.fx.off = true');
	}

	private constructor(readonly page: Page) {
		this.user = new Actions(page);
		page.on('console', (message) => {
			if (message.type() === 'error') {
				this.complaints.push(`${message.text()} (${message.location().url})`);
			}
		});
		// What was changed and not deployed is left behind.
		page.on('dialog', (dialog) => void dialog.accept());
		page.on('pageerror', (error) => {
			this.complaints.push(error.message);
		});
	}

	find(selector: string): Locator {
		return this.page.locator(selector);
	}

	/** A button or a link, by its text. */
	named(name: string | RegExp): Locator {
		return this.page.getByText(name, {exact: true}).locator('visible=true');
	}

	/** Of a node that is open. */
	field(property: string): Locator {
		return this.find(`#node-input-${property}`);
	}

	/** Of an account that is open. */
	accountField(property: string): Locator {
		return this.find(`#node-config-input-${property}`);
	}

	async nodesOfType(type: string): Promise<readonly EditorNode[]> {
		return this.page.evaluate<EditorNode[]>(nodesWhere(`type === ${JSON.stringify(type)}`));
	}

	async nodesOfTab(tab: string): Promise<ReadonlyArray<EditorNode & {readonly isUnknown: boolean}>> {
		return this.page.evaluate<Array<EditorNode & {isUnknown: boolean}>>(nodesWhere(`z === ${JSON.stringify(tab)}`));
	}

	/** @throws unless there is exactly one */
	async nodeOfType(type: string): Promise<EditorNode> {
		const [node, ...others] = await this.nodesOfType(type);
		if (node === undefined || others.length > 0) {
			throw new Error(`There is not one ${type} but ${others.length + (node ? 1 : 0)}.`);
		}

		return node;
	}

	/** Takes a node from the palette; the place counts from the upper left corner of the canvas. */
	async drop(type: string, place: {x: number; y: number}): Promise<EditorNode> {
		await this.user.drag(
			this.find(`.red-ui-palette-node[data-palette-type="${type}"]`),
			this.find('#red-ui-workspace-chart'),
			place,
		);
		await this.page.waitForFunction(`RED.nodes.filterNodes({type: ${JSON.stringify(type)}}).length > 0`);
		return this.nodeOfType(type);
	}

	async wire(from: EditorNode, to: EditorNode): Promise<void> {
		await this.user.wire(
			this.find(`[id="${from.id}"] .red-ui-flow-port-output .red-ui-flow-port`),
			this.find(`[id="${to.id}"] .red-ui-flow-port-input .red-ui-flow-port`),
		);
	}

	/** Opens the dialog of a node, and waits until it stands still. */
	async edit(id: string): Promise<void> {
		await this.user.doubleClick(this.find(`[id="${id}"] .red-ui-flow-node`));
		await this.#settle('#node-input-name');
	}

	/** On a narrow page they leave no room for anything else. */
	async closeSidebars(): Promise<void> {
		await this.page.evaluate(
			'["core:toggle-palette", "core:toggle-sidebar"].forEach(action => RED.actions.invoke(action))',
		);
		await this.find('#red-ui-sidebar:visible, .red-ui-sidebar-section:visible').waitFor({state: 'detached'});
	}

	/** Opens the dialog of a node without the mouse. */
	async show(id: string): Promise<void> {
		await this.page.evaluate(`RED.editor.edit(RED.nodes.node(${JSON.stringify(id)}))`);
		await this.#settle('#node-input-name');
	}

	/** Of the node that is open. */
	async editAccount(): Promise<void> {
		await this.user.click(this.find('#node-input-btn-account-edit'));
		await this.#settle('#node-config-input-name');
	}

	/** For the node that is open. */
	async addAccount(): Promise<void> {
		await this.user.click(this.find('#node-input-btn-account-add'));
		await this.#settle('#node-config-input-name');
	}

	/** Closes the account that is open. */
	async closeAccount(how: 'ok' | 'cancel'): Promise<void> {
		await this.user.click(this.find(`#node-config-dialog-${how}`));
		await this.find('#node-config-input-name').waitFor({state: 'detached'});
		await this.#settle('#node-input-name');
	}

	/** Closes the node that is open. */
	async close(how: 'ok' | 'cancel'): Promise<void> {
		await this.user.click(this.find(`#node-dialog-${how}`));
		await this.untilClosed();
	}

	async untilClosed(): Promise<void> {
		await this.find('.red-ui-tray').waitFor({state: 'detached'});
	}

	/** The words that appear when the mouse rests on something. */
	async tooltipOf(target: Locator): Promise<string> {
		// What the mouse left before may still show its own.
		await this.page.mouse.move(0, 0);
		await this.find('.red-ui-popover:visible').waitFor({state: 'detached'});
		await target.hover();
		return (await this.find('.red-ui-popover:visible').innerText()).trim();
	}

	/** The words that the canvas shows when the mouse rests on a port, or on the mark of a node that is not valid. */
	async labelOf(mark: Locator): Promise<string> {
		// The canvas may draw the same words twice, one above the other.
		const label = this.find('.red-ui-flow-port-tooltip').last().locator('text');
		await this.page.mouse.move(0, 0);
		await label.first().waitFor({state: 'detached'});
		await mark.hover();
		await label.first().waitFor();
		return (await label.allTextContents()).join('\n');
	}

	/** @returns when Node-RED has taken the flows */
	async deploy(): Promise<void> {
		const answer = this.page.waitForResponse(
			(response) => response.url().endsWith('/flows') && response.request().method() === 'POST',
		);
		await this.user.click(this.find('#red-ui-header-button-deploy'));
		await answer;
	}

	status(id: string): Locator {
		return this.find(`[id="${id}"] .red-ui-flow-node-status-label`);
	}

	/** Shows the help of a node type in the sidebar. */
	async help(type: string): Promise<Locator> {
		await this.page.evaluate(`RED.sidebar.help.show(${JSON.stringify(type)})`);
		const help = this.find('.red-ui-help:visible').first();
		await help.waitFor();
		return help;
	}

	async picture(file: string): Promise<void> {
		mkdirSync(dirname(file), {recursive: true});
		await this.page.screenshot({path: file});
	}

	async end(): Promise<void> {
		await this.page.context().close();
	}

	/** Dialogs slide in. */
	async #settle(selector: string): Promise<void> {
		const shown = await this.page.waitForSelector(selector);
		await shown.waitForElementState('stable');
	}
}
