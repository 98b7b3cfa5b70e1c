import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const file = join(__dirname, '..', '..', 'README.md');
const begin = '<!-- The table that `npm run campaign` has printed. -->\n';
const end = '\n<!-- The end of the table. -->';

/** The table in the README. */
export const quoted = (): string => {
	const [, rest = ''] = readFileSync(file, 'utf8').split(begin);
	return rest.split(end)[0] ?? '';
};

/** Puts it there. */
export const quote = (table: string): void => {
	const text = readFileSync(file, 'utf8');
	const place = `${begin}${quoted()}${end}`;
	if (!text.includes(place)) {
		throw new Error('README.md has no place for the table.');
	}

	writeFileSync(
		file,
		text.replace(place, () => `${begin}${table}${end}`),
	);
};
