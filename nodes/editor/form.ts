import type {NumberProperty} from '../../lib/node-config';
import {ranges} from '../../lib/node-config';

/** The editor finds the field of a property by its id: one prefix for nodes, another for config nodes. */
export type Prefix = 'node-input' | 'node-config-input';

export const element = (id: string): HTMLElement => {
	const found = document.getElementById(id);
	if (!found) {
		throw new Error(`The form has no element ${id}.`);
	}

	return found;
};

export const input = (id: string): HTMLInputElement => {
	const found = element(id);
	if (!(found instanceof HTMLInputElement)) {
		throw new TypeError(`${id} is not an input.`);
	}

	return found;
};

export const list = (id: string): HTMLSelectElement => {
	const found = element(id);
	if (!(found instanceof HTMLSelectElement)) {
		throw new TypeError(`${id} is not a list.`);
	}

	return found;
};

/** What a field of the open dialog holds; a config node that is not chosen yet is none. */
export const field = (id: string): string => {
	const found = element(id);
	const value = found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found.value : '';
	return value === '_ADD_' ? '' : value;
};

/** Hides without emptying, so that a stored value survives a dialog in which it does not apply. */
export const show = (id: string, shown: boolean): void => {
	element(id).hidden = !shown;
};

/** Tells the editor that a field changed by other means than typing: it validates the form then. */
export const announce = (field: HTMLElement): void => {
	field.dispatchEvent(new Event('change', {bubbles: true}));
};

/** Marks a field as belonging to the node whose dialog is open: other nodes are validated meanwhile, and must not read it. */
export const claim = (field: HTMLInputElement | HTMLSelectElement, nodeId: string): void => {
	field.dataset.node = nodeId;
};

/** From now on the node has what the form had. */
export const release = (field: HTMLElement): void => {
	delete field.dataset.node;
};

/** Whether the claimed field belongs to the open dialog of a node. */
export const isOpen = (id: string, nodeId: string): boolean => document.getElementById(id)?.dataset.node === nodeId;

/** What the node's open dialog holds in a claimed field, else what the node holds. */
export const current = (id: string, nodeId: string, stored: unknown): unknown =>
	isOpen(id, nodeId) ? field(id) : stored;

/** An empty number field stands for the default, and shows it. */
export const showDefaults = (prefix: Prefix, properties: readonly NumberProperty[]): void => {
	for (const property of properties) {
		input(`${prefix}-${property}`).placeholder = String(ranges[property].default);
	}
};

/** Opens the folded part of a form when something in it is not as it comes. */
export const unfold = <Config extends object>(
	id: string,
	node: Config,
	defaults: Config,
	properties: ReadonlyArray<keyof Config>,
): void => {
	const changed = (property: keyof Config): boolean => {
		const value = String(node[property] ?? '');
		return value !== '' && value !== String(defaults[property]);
	};

	element(id).toggleAttribute('open', properties.some(changed));
};
