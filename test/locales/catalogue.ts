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

/** The texts of a catalogue file by dotted key. */
export const textsIn = (path: string): Map<string, string> =>
	flatten(JSON.parse(readFileSync(path, 'utf8')), '', new Map());

/** The texts of one node type in one language. */
export const textsOf = (language: string, type: string): Map<string, string> =>
	textsIn(join(root, 'locales', language, `${type}.json`));

export const helpOf = (language: string, type: string): string =>
	readFileSync(join(root, 'locales', language, `${type}.html`), 'utf8');

/**
 * The text between the tags of the help, in order, without code and names of properties.
 * As the structure is the same in every language, so is the number of pieces.
 */
const proseOf = (language: string, type: string): string[] =>
	helpOf(language, type)
		.replaceAll(/<code>.*?<\/code>/g, '§')
		.replaceAll(/(<dt[^>]*>)[a-z][^<]*/g, '$1')
		.replaceAll(/<\/?em>/g, '')
		.split(/<[^>]*>/)
		.map((piece) => piece.trim());

/** Every text that people read in one language, by its place. */
export const allTextsOf = (language: string): Map<string, string> =>
	new Map(
		nodeTypes.flatMap((type) => [
			...textsOf(language, type),
			...proseOf(language, type)
				.map((piece, index): [string, string] => [`the help for ${type}, piece ${index}`, piece])
				.filter(([, piece]) => piece !== ''),
		]),
	);

/** The source files below some folders, by path. */
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
