import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

export const root = join(__dirname, '..', '..');
export const languages = readdirSync(join(root, 'locales'));
export const nodeTypes = ['retarus-account', 'retarus-fax-in', 'retarus-fax-ack'] as const;

const flatten = (value: unknown, path: string, into: Map<string, string>): Map<string, string> => {
	if (typeof value === 'string') {
		into.set(path, value);
	} else if (typeof value === 'object' && value !== null) {
		for (const [key, entry] of Object.entries(value)) {
			flatten(entry, path ? `${path}.${key}` : key, into);
		}
	}

	return into;
};

/** The texts of a catalogue, by dotted key. */
export const textsIn = (path: string): Map<string, string> =>
	flatten(JSON.parse(readFileSync(path, 'utf8')), '', new Map());

/** The texts of one node type in one language. */
export const textsOf = (language: string, type: string): Map<string, string> =>
	textsIn(join(root, 'locales', language, `${type}.json`));

export const helpOf = (language: string, type: string): string =>
	readFileSync(join(root, 'locales', language, `${type}.html`), 'utf8');

/**
 * What the help says between its tags, in order, without code and names of properties.
 * Help that is built alike has as many pieces in each language.
 */
const proseOf = (language: string, type: string): string[] =>
	helpOf(language, type)
		.replaceAll(/<code>.*?<\/code>/g, '§')
		.replaceAll(/(<dt[^>]*>)[a-z][^<]*/g, '$1')
		.replaceAll(/<\/?em>/g, '')
		.split(/<[^>]*>/)
		.map((piece) => piece.trim());

/** Everything that people read in one language, by where it is. */
export const allTextsOf = (language: string): Map<string, string> =>
	new Map(
		nodeTypes.flatMap((type) => [
			...textsOf(language, type),
			...proseOf(language, type)
				.map((piece, index): [string, string] => [`the help for ${type}, piece ${index}`, piece])
				.filter(([, piece]) => piece !== ''),
		]),
	);

/** Every source file below some folders, by path. */
export const sources = (folders: readonly string[], extension: string): Map<string, string> => {
	const found = new Map<string, string>();
	for (const folder of folders) {
		for (const name of readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})) {
			if (name.endsWith(extension)) {
				found.set(join(folder, name), readFileSync(join(root, folder, name), 'utf8'));
			}
		}
	}

	return found;
};
