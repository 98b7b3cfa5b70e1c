/**
 * The part of the editor's global `RED` that the forms use, as Node-RED 4 and 5 implement it. The published types lack
 * validators with a message, labels of properties, and numbers that may be variables.
 */
export type Facts = Readonly<Record<string, string | number>>;

export interface EditorNode {
	readonly id: string;
	readonly type: string;
	/** Id of the tab. A config node without one belongs to every tab. */
	readonly z?: string;
	/** Whether the node is disabled. */
	readonly d?: boolean;
}

export interface ValidationOptions {
	/** The property's label, from its definition. */
	readonly label?: string;
}

/** Returns a sentence for an invalid value. Must declare both parameters: with one, the editor expects a boolean. */
export type Validator<Node> = (this: Node, value: unknown, options: ValidationOptions) => true | string;

export interface PropertyDefinition<Properties, Value> {
	readonly value: Value;
	readonly label?: string;
	/** Type of the config node that the property refers to. */
	readonly type?: string;
	/** @default true with a `type`, otherwise false */
	readonly required?: boolean;
	readonly validate?: Validator<EditorNode & Properties>;
}

export interface CredentialDefinition {
	readonly type: 'text' | 'password';
	readonly label?: string;
	readonly validate?: Validator<EditorNode>;
}

export interface NodeDefinition<Properties, Credentials = object> {
	readonly category: string;
	readonly color?: string;
	readonly icon?: string;
	/** @default 0 */
	readonly inputs?: number;
	/** @default 0 */
	readonly outputs?: number;
	readonly defaults: {readonly [Key in keyof Properties]: PropertyDefinition<Properties, Properties[Key]>};
	readonly credentials?: {readonly [Key in keyof Credentials]-?: CredentialDefinition};
	paletteLabel?(): string;
	label(this: EditorNode & Properties): string;
	labelStyle?(this: EditorNode & Properties): string;
	inputLabels?(): string;
	outputLabels?(this: EditorNode & Properties, index: number): string;
	oneditprepare?(this: EditorNode & Properties): void;
	oneditsave?(this: EditorNode & Properties): void;
	onadd?(this: EditorNode & Properties): void;
}

export interface EditorRed {
	_(key: string, facts?: Facts): string;
	readonly nodes: {
		registerType<Properties, Credentials = object>(
			type: string,
			definition: NodeDefinition<Properties, Credentials>,
		): void;
		/** Visits every config node until `visit` returns `false`. */
		eachConfig(visit: (node: EditorNode) => boolean): void;
		/** A node of the workspace, deployed or not; `null` if there is none. */
		node(id: string): EditorNode | null;
	};
}

declare global {
	const RED: EditorRed;
}
