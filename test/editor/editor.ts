import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {createContext, runInContext} from 'node:vm';
import {fill} from '../../lib/errors';
import type {EditorNode, Facts, NodeDefinition, Validator} from '../../nodes/editor/red';
import type {Form} from './form-script';
import {elementsOf, root} from './form-script';
import {PageElement, PageInput, PageList, PageOption} from './page';

type Properties = Record<string, unknown>;
export type Definition = NodeDefinition<Properties, Record<string, unknown>>;
export type Node = EditorNode & Properties;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const packageName = '@faxbridge/node-red-retarus-fax';

/** Looks a text up like the editor, but throws where the editor would show the key. */
const translate = (key: string, facts: Facts = {}): string => {
	const [namespace = '', path = ''] = key.split(':');
	const file = namespace.slice(packageName.length + 1);
	let entry: unknown = JSON.parse(readFileSync(join(root, 'locales', 'en-US', `${file}.json`), 'utf8'));
	for (const step of path.split('.')) {
		entry = isRecord(entry) ? entry[step] : undefined;
	}

	if (typeof entry !== 'string') {
		throw new Error(`No text for ${key}.`);
	}

	return fill(entry, facts);
};

/** Simulates Node-RED's editor with one node type and one dialog at a time. */
export class Editor {
	readonly configNodes: EditorNode[] = [];
	readonly registered: string[] = [];
	#elements = new Map<string, PageElement>();
	#definition: Definition | undefined;

	constructor(readonly form: Form) {
		const context = createContext({
			Event,
			HTMLInputElement: PageInput,
			HTMLSelectElement: PageList,
			URL,
			document: {
				getElementById: (id: string) => this.#elements.get(id) ?? null,
				createElement: (tag: string) =>
					tag === 'option' ? new PageOption() : tag === 'input' ? new PageInput() : new PageElement(),
				head: new PageElement(),
			},
			RED: {
				_: translate,
				nodes: {
					registerType: (type: string, definition: Definition) => {
						this.registered.push(type);
						this.#definition = definition;
					},
					eachConfig: (visit: (node: EditorNode) => boolean) => {
						this.configNodes.every(visit);
					},
				},
			},
		});
		runInContext(form.script, context);
	}

	get definition(): Definition {
		if (!this.#definition) {
			throw new Error('No type was registered.');
		}

		return this.#definition;
	}

	/** The definitions of properties and credentials, by name. */
	get definitions(): Map<string, {readonly label?: string; readonly validate?: Validator<Node>}> {
		return new Map(Object.entries({...this.definition.defaults, ...this.definition.credentials}));
	}

	get prefix(): string {
		return this.definition.category === 'config' ? 'node-config-input' : 'node-input';
	}

	/** Creates a node as if it were dropped on the canvas. */
	drop(properties: Properties = {}): Node {
		const node: Node = {id: 'node', type: this.form.type, z: 'tab'};
		for (const [name, {value}] of Object.entries(this.definition.defaults)) {
			node[name] = value;
		}

		this.definition.onadd?.call(node);
		return Object.assign(node, properties);
	}

	/** Validates one property. Returns `true`, or the sentence for the user. */
	validate(property: string, value: unknown, node: Node = this.drop()): unknown {
		const definition = this.definitions.get(property);
		return (
			definition?.validate?.call(node, value, definition.label === undefined ? {} : {label: definition.label}) ?? true
		);
	}

	/** Opens the dialog of a node: fills the form as Node-RED does, then calls oneditprepare. */
	edit(node: Node): void {
		this.#elements = new Map();
		for (const {tag, id, attributes} of elementsOf(this.form.html)) {
			const element = tag === 'input' ? new PageInput(id) : tag === 'select' ? this.#list(id) : new PageElement(id);
			this.#elements.set(id, element);
			const stored = node[id.replace(`${this.prefix}-`, '')];
			if (element instanceof PageInput && attributes.includes('type="checkbox"')) {
				element.type = 'checkbox';
				element.checked = Boolean(stored);
			} else if (element instanceof PageInput || element instanceof PageList) {
				element.value = typeof stored === 'string' || typeof stored === 'number' ? String(stored) : '';
			}
		}

		this.definition.oneditprepare?.call(node);
	}

	element(id: string): PageElement {
		const element = this.#elements.get(id);
		if (!element) {
			throw new Error(`The form has no element ${id}.`);
		}

		return element;
	}

	input(id: string): PageInput {
		const element = this.element(id);
		if (!(element instanceof PageInput)) {
			throw new TypeError(`${id} is not an input.`);
		}

		return element;
	}

	list(id: string): PageList {
		const element = this.element(id);
		if (!(element instanceof PageList)) {
			throw new TypeError(`${id} is not a list.`);
		}

		return element;
	}

	#list(id: string): PageList {
		const list = new PageList(id);
		const [, options = ''] = new RegExp(`<select id="${id}">(.*?)</select>`, 's').exec(this.form.html) ?? [];
		for (const [, value = ''] of options.matchAll(/<option value="([^"]*)"/g)) {
			const option = new PageOption();
			option.value = value;
			list.append(option);
		}

		return list;
	}
}
