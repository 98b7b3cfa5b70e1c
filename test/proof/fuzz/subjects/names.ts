import {posix, win32} from 'node:path';
import fc from 'fast-check';
import {documentFilenames} from '../../../../lib/documents/filenames';
import {documentPath, documentSegment} from '../../../../lib/retarus/wire';
import {hold} from '../claims';
import {anyString} from '../hostile';
import {subject} from '../subject';
import {url} from '../urls';

/** Names that meet each other: the same, the same but for case, and what others are made into. */
const names: fc.Arbitrary<readonly string[]> = fc
	.tuple(fc.array(anyString, {minLength: 1, maxLength: 4}), fc.array(fc.tuple(fc.nat(100), fc.nat(5)), {maxLength: 4}))
	.map(([originals, relatives]) => [
		...originals,
		...relatives.map(([at, kind]) => relative(originals[at % originals.length] ?? '', kind)),
	]);

const relative = (original: string, kind: number): string => {
	switch (kind) {
		case 0:
			return original;
		case 1:
			return original.toUpperCase();
		case 2:
			return original.toLowerCase();
		case 3:
			return original.replace(/(\.\w+)?$/, '-2$1');
		default:
			return documentFilenames([original])[0] ?? '';
	}
};

const joined = (list: readonly string[]): string => JSON.stringify(list);

/**
 * Document by document, in whatever order they are listed: which name each has. Equal originals are the same document.
 */
const byOriginal = (originals: readonly string[]): string => {
	const pairs = documentFilenames(originals).map((name, index) => `${JSON.stringify(originals[index])} ${name}`);
	return joined(pairs.sort());
};

export const documentNames = subject('The names of the documents of a fax', 'names', names, {
	'have only letters, digits, dot, underscore, at and hyphen, and begin with a letter or digit'(originals) {
		const made = documentFilenames(originals);
		hold(made.length === originals.length && made.every((name) => /^[A-Za-z0-9][A-Za-z0-9._@-]*$/.test(name)), () =>
			joined(made),
		);
	},
	'stay in the folder that they are put into, on every system'(originals) {
		for (const name of documentFilenames(originals)) {
			for (const [path, folder] of [
				[posix, '/srv/faxes'],
				[win32, 'C:\\faxes'],
			] as const) {
				for (const where of [path.join(folder, name), path.resolve(folder, name)]) {
					hold(path.dirname(where) === folder && path.basename(where) === name, () => where);
				}
			}
		}
	},
	'are such that every disk can bear'(originals) {
		for (const name of documentFilenames(originals)) {
			hold(
				name.length <= 180 && !name.endsWith('.') && !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(name),
				() => name,
			);
		}
	},
	'are unique within the fax, regardless of case'(originals) {
		const made = documentFilenames(originals);
		hold(new Set(made.map((name) => name.toLowerCase())).size === made.length, () => joined(made));
	},
	'are the same at every delivery, in whatever order the documents are listed'(originals) {
		const now = byOriginal(originals);
		for (const order of [
			originals,
			[...originals].reverse(),
			[...originals].sort(),
			[...originals.slice(1), ...originals.slice(0, 1)],
		]) {
			hold(byOriginal(order) === now, () => `${now} becomes ${byOriginal(order)}`);
		}
	},
	'are kept when they are given again'(originals) {
		const made = documentFilenames([...new Set(originals)]);
		hold(
			joined(documentFilenames(made)) === joined(made),
			() => `${joined(made)} become ${joined(documentFilenames(made))}`,
		);
	},
});

const base = 'http://configured/faxin/rest/v1';

export const documentUrls = subject('The URL of a document', 'names', url, {
	'names one document below /files/ of the configured origin, or none'(text) {
		const segment = documentSegment({url: text});
		if (segment === undefined) {
			return;
		}

		const asked = new URL(`${base}${documentPath(segment)}`);
		hold(
			asked.origin === 'http://configured' && asked.username === '' && asked.search === '' && asked.hash === '',
			() => asked.href,
		);
		const [, name = ''] = /^\/faxin\/rest\/v1\/files\/([^/\\]+)$/.exec(asked.pathname) ?? [];
		hold(decodeURIComponent(name) === segment, () => asked.href);
		hold(posix.join('/files', segment) === `/files/${segment}` && !segment.includes('\\'), () => segment);
	},
	'names the same document when it is given again as it was understood'(text) {
		const segment = documentSegment({url: text});
		const again = segment === undefined ? undefined : documentSegment({url: documentPath(segment)});
		hold(again === segment, () => `${String(segment)} becomes ${String(again)}`);
	},
	'gives a name that stays in its folder'(text) {
		const segment = documentSegment({url: text});
		const [name = 'a'] = segment === undefined ? [] : documentFilenames([segment]);
		hold(
			win32.resolve('C:\\faxes', name) === `C:\\faxes\\${name}` && posix.resolve('/faxes', name) === `/faxes/${name}`,
			() => name,
		);
	},
});
