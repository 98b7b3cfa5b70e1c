import type {NumberProperty} from '../../lib/node-config';
import {ranges} from '../../lib/node-config';

/** The editor finds the field of a property by its id, which has one prefix for nodes and another for config nodes. */
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

/** The value of a field in the open dialog; blank if no config node is selected. */
export const field = (id: string): string => {
	const found = element(id);
	const value = found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found.value : '';
	return value === '_ADD_' ? '' : value;
};

/** Hides an element without clearing its field, so that a stored value survives while it does not apply. */
export const show = (id: string, shown: boolean): void => {
	element(id).hidden = !shown;
};

/** Makes the editor validate the form after a script has changed a field. */
export const announce = (field: HTMLElement): void => {
	field.dispatchEvent(new Event('change', {bubbles: true}));
};

/**
 * Marks a field as belonging to the node whose dialog is open. The editor validates other nodes meanwhile; without the
 * mark, their validators would read this node's field.
 */
export const claim = (field: HTMLInputElement | HTMLSelectElement, nodeId: string): void => {
	field.dataset.node = nodeId;
};

/** Ends a claim once the node holds the values of the form. */
export const release = (field: HTMLElement): void => {
	delete field.dataset.node;
};

/** Whether the node's dialog is open and has claimed the field. */
export const isOpen = (id: string, nodeId: string): boolean => document.getElementById(id)?.dataset.node === nodeId;

/** The value of a claimed field while the node's dialog is open, otherwise the stored value. */
export const current = (id: string, nodeId: string, stored: unknown): unknown =>
	isOpen(id, nodeId) ? field(id) : stored;

/** Shows the default in each empty number field, because an empty field means the default. */
export const showDefaults = (prefix: Prefix, properties: readonly NumberProperty[]): void => {
	for (const property of properties) {
		input(`${prefix}-${property}`).placeholder = String(ranges[property].default);
	}
};

/** Opens the folded part of a form if one of its properties differs from the default. */
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
