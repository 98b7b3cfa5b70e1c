/** Names for documents: built by us, because a name from the service must never become a path. */
import {createHash} from 'node:crypto';

const longest = 180;

/** Device names that Windows refuses with any extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const splitExtension = (name: string): readonly [base: string, extension: string] => {
	const dot = name.lastIndexOf('.');
	return dot > 0 && name.length - dot <= 12 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
};

const isSafe = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._@-]*$/.test(name) && !name.endsWith('.') && name.length <= longest && !reserved.test(name);

/** A name that cannot be kept carries eight digits of its original's hash: two originals never share a name, and the same one has the same name every time. */
const hashedName = (original: string): string => {
	const clean = original.replace(/[^A-Za-z0-9._@-]/g, '_').replace(/\.+$/, '').replace(/^[^A-Za-z0-9]+/, '');
	const [base, extension] = splitExtension(clean);
	const hash = createHash('sha256').update(original).digest('hex').slice(0, 8);
	return `fax-${base.slice(0, longest - extension.length - hash.length - 5)}-${hash}${extension}`;
};

/**
 * One name for each document of a fax: `[A-Za-z0-9][A-Za-z0-9._@-]*`, unique regardless of case, because on many disks `A.pdf` and `a.pdf` are one file,
 * and the same at every delivery, in whatever order the documents are listed.
 */
export const documentFilenames = (originals: readonly string[]): readonly string[] => {
	const spellings = new Map<string, Set<string>>();
	for (const original of originals) {
		const folded = original.toLowerCase();
		spellings.set(folded, (spellings.get(folded) ?? new Set()).add(original));
	}

	const taken = new Set<string>();
	return originals.map((original) => {
		const isAlone = spellings.get(original.toLowerCase())?.size === 1;
		const name = isAlone && isSafe(original) ? original : hashedName(original);
		const [base, extension] = splitExtension(name);
		let unique = name;
		for (let copy = 2; taken.has(unique.toLowerCase()); copy += 1) {
			unique = `${base}-${copy}${extension}`;
		}

		taken.add(unique.toLowerCase());
		return unique;
	});
};
