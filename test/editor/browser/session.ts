import {cpSync, mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import manifest from '../../../package.json';
import {startSimulator, type Simulator, type SimulatorOptions} from '../../../simulator';
import {linkModule, type PaletteModule} from '../../examples/counterparts/palette';
import {EditorPage} from '../../node-red/editor-page';
import {NodeRed, nodeRed4, type Runtime} from '../../../scripts/node-red/node-red.mjs';
import {root} from '../../../scripts/setup.mjs';
import {nodeRed5} from '../../node-red/node-red-5';
import type {Flow} from '../../node-red/node-red-flow';
import {makeFolder, removeFolder} from '../../../scripts/node-red/user-directory.mjs';

/** A version of Node-RED to run the tests on. */
export interface Leg {
	readonly name: string;
	readonly runtime: () => Runtime;
	/** Only Node-RED 5 has a dark theme. */
	readonly hasDarkTheme: boolean;
	/** Languages to test beside English. */
	readonly languages: readonly string[];
}

export const emptyFlow: Flow = {flows: [{id: 'tab', type: 'tab', label: 'Test'}], credentials: {}};

export const legs: readonly [Leg, Leg] = [
	{name: 'Node-RED 4.1', runtime: () => nodeRed4, hasDarkTheme: false, languages: ['de', 'fr', 'es-ES', 'ja']},
	{name: 'Node-RED 5', runtime: nodeRed5, hasDarkTheme: true, languages: ['de']},
];

/** Copies the built package, because another build may replace it during the tests. */
const copyPackage = (userDirectory: string): void => {
	const folder = join(userDirectory, 'node_modules', manifest.name);
	mkdirSync(folder, {recursive: true});
	for (const part of ['dist', 'resources', 'examples', 'package.json']) {
		cpSync(join(root, part), join(folder, part), {recursive: true});
	}

	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
};

/** A Node-RED with an open editor, and a simulator for its nodes. */
export class Session {
	readonly leg: Leg;
	#folder = '';
	#nodeRed: NodeRed | undefined;
	#simulator: Simulator | undefined;
	#editor: EditorPage | undefined;
	/** Whether the page was opened without options, and can be reused. */
	#isPlain = false;
	readonly #complaints: string[] = [];

	constructor(leg: Leg) {
		this.leg = leg;
	}

	get nodeRed(): NodeRed {
		return present(this.#nodeRed);
	}

	get simulator(): Simulator {
		return present(this.#simulator);
	}

	/** The page opened last. */
	get editor(): EditorPage {
		return present(this.#editor);
	}

	/** The errors in the browser's console, on all pages so far. */
	get complaints(): readonly string[] {
		return [...this.#complaints, ...(this.#editor?.complaints ?? [])];
	}

	/** @param modules further palette modules to install */
	async start(options: SimulatorOptions = {}, modules: readonly PaletteModule[] = []): Promise<void> {
		this.#folder = makeFolder();
		copyPackage(this.#folder);
		for (const module of modules) {
			linkModule(this.#folder, module);
		}

		this.#simulator = await startSimulator(options);
		this.#nodeRed = new NodeRed(this.#folder, {runtime: this.leg.runtime()});
		await this.#nodeRed.ready;
	}

	/** Deploys a flow and opens the editor with it. */
	async open(flow: Flow, options: Parameters<typeof EditorPage.open>[1] = {}): Promise<EditorPage> {
		this.simulator.reset();
		await this.nodeRed.deploy(flow);
		const isPlain = Object.keys(options).length === 0;
		if (this.#editor && isPlain && this.#isPlain) {
			// Reuses the page, whose files the browser has cached.
			await this.#editor.load(this.nodeRed.url);
		} else {
			await this.#closePage();
			this.#editor = await EditorPage.open(this.nodeRed.url, options);
		}

		this.#isPlain = isPlain;
		return this.#editor;
	}

	/** Saves a picture of the page of a failed test. */
	async keepPicture(title: string): Promise<void> {
		const name = title.replace(/[^\w]+/g, '-').slice(0, 80);
		await this.#editor?.picture(join(root, 'artefacts', 'editor', this.leg.name.replace(/\W+/g, '-'), `${name}.png`));
	}

	async end(): Promise<void> {
		await this.#closePage();
		await this.#nodeRed?.end('SIGKILL');
		await this.#simulator?.close();
		removeFolder(this.#folder);
	}

	async #closePage(): Promise<void> {
		await this.#editor?.end();
		this.#complaints.push(...(this.#editor?.complaints ?? []));
		this.#editor = undefined;
	}
}

const present = <Value>(value: Value | undefined): Value => {
	if (value === undefined) {
		throw new Error('The session is not open.');
	}

	return value;
};
