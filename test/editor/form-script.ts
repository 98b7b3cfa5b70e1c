import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {build} from 'esbuild';

export const nodeTypes = ['retarus-account', 'retarus-fax-in', 'retarus-fax-ack'] as const;
export type NodeType = (typeof nodeTypes)[number];

export const root = join(__dirname, '..', '..');

export interface Form {
	readonly type: NodeType;
	readonly html: string;
	readonly script: string;
}

/** Builds a form like scripts/build.mjs, so that the tests run the script that browsers run. */
export const buildForm = async (type: NodeType): Promise<Form> => {
	const {
		outputFiles: [script],
	} = await build({
		entryPoints: [join(root, 'nodes', 'editor', 'forms', `${type}.ts`)],
		bundle: true,
		format: 'iife',
		target: 'es2020',
		charset: 'utf8',
		minifySyntax: true,
		minifyWhitespace: true,
		write: false,
	});
	if (!script) {
		throw new Error(`${type} has no editor script.`);
	}

	return {type, html: readFileSync(join(root, 'nodes', `${type}.html`), 'utf8'), script: script.text};
};

/** The elements of a form that have an id. */
export const elementsOf = (html: string): Array<{tag: string; id: string; attributes: string}> =>
	[...html.matchAll(/<(\w+)\b([^>]*?\bid="([^"]+)"[^>]*)>/g)].map(([, tag = '', attributes = '', id = '']) => ({
		tag,
		id,
		attributes,
	}));
