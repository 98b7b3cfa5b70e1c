/** Names for documents: built by us, because a name from the service must never become a path. */
import {createHash} from 'node:crypto';

const longest = 180;

/** Device names that Windows refuses with any extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const splitExtension = (name: string): readonly [base: string, extension: string] => {
	const dot = name.lastIndexOf('.');
	return dot > 0 && name.length - dot <= 12 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
};

/**
 * `[A-Za-z0-9][A-Za-z0-9._@-]*`. A name that had to be altered carries eight digits of its original's hash:
 * two originals never share a name, and the same original has the same name at every delivery.
 */
const safeName = (original: string): string => {
	const clean = original.replace(/[^A-Za-z0-9._@-]/g, '_').replace(/\.+$/, '').replace(/^[^A-Za-z0-9]+/, '');
	if (clean === original && clean !== '' && clean.length <= longest && !reserved.test(clean)) {
		return clean;
	}

	const [base, extension] = splitExtension(clean);
	const hash = createHash('sha256').update(original).digest('hex').slice(0, 8);
	return `fax-${base.slice(0, longest - extension.length - hash.length - 5)}-${hash}${extension}`;
};

/** One name for each document of a fax, unique regardless of case: on many disks `A.pdf` and `a.pdf` are one file. */
export const documentFilenames = (originals: readonly string[]): readonly string[] => {
	const taken = new Set<string>();
	return originals.map((original) => {
		const name = safeName(original);
		const [base, extension] = splitExtension(name);
		let unique = name;
		for (let copy = 2; taken.has(unique.toLowerCase()); copy += 1) {
			unique = `${base}-${copy}${extension}`;
		}

		taken.add(unique.toLowerCase());
		return unique;
	});
};
