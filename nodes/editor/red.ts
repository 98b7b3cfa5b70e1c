/**
 * The part of the editor's global `RED` that the forms use. The published types predate validators that give a message,
 * properties with a label and numbers that may be variables, so this says once what Node-RED 4 and 5 really take.
 */
export type Facts = Readonly<Record<string, string | number>>;

export interface EditorNode {
	readonly id: string;
	readonly type: string;
	/** Id of the tab; a config node without one belongs to every tab. */
	readonly z?: string;
	/** True for a disabled node. */
	readonly d?: boolean;
}

export interface ValidationOptions {
	/** The label of the property's definition. */
	readonly label?: string;
}

/** Must declare both parameters: the editor counts them to know that it may give a sentence instead of `false`. */
export type Validator<Node> = (this: Node, value: unknown, options: ValidationOptions) => true | string;

export interface PropertyDefinition<Properties, Value> {
	readonly value: Value;
	readonly label?: string;
	/** The config node type that the property refers to. */
	readonly type?: string;
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
	readonly inputs?: number;
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
		/** A callback that returns `false` ends the walk. */
		eachConfig(visit: (node: EditorNode) => boolean): void;
		/** Any node of the workspace, deployed or not; `null` when there is none. */
		node(id: string): EditorNode | null;
	};
}

declare global {
	const RED: EditorRed;
}
