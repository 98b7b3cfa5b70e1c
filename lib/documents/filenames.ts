/** Names for documents: built by us, because a name from the service must never become a path. */
import {createHash} from 'node:crypto';

const longest = 180;

/** Device names that Windows refuses with any extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

const splitExtension = (name: string): readonly [base: string, extension: string] => {
	const dot = name.lastIndexOf('.');
	return dot > 0 && name.length - dot <= 12 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
};

const isSafe = (name: string): boolean =>
	/^[A-Za-z0-9][A-Za-z0-9._@-]*$/.test(name) && !name.endsWith('.') && name.length <= longest && !reserved.test(name);

/**
 * Carries eight digits of its original's hash where the name cannot stay as it is.
 * Two originals never share a name, and one original has the same name every time.
 */
const hashedName = (original: string): string => {
	const clean = original
		.replace(/[^A-Za-z0-9._@-]/g, '_')
		.replace(/\.+$/, '')
		.replace(/^[^A-Za-z0-9]+/, '');
	const [base, extension] = splitExtension(clean);
	const hash = createHash('sha256').update(original).digest('hex').slice(0, 8);
	return `fax-${base.slice(0, longest - extension.length - hash.length - 5)}-${hash}${extension}`;
};

/** Yields the name itself, then the name with numbers, and skips what is taken. What it yields is then taken. */
const freeNames = function* (name: string, taken: Set<string>): Generator<string, never> {
	const [base, extension] = splitExtension(name);
	for (let number = 1; ; number += 1) {
		const end = `-${number}${extension}`;
		const numbered = number === 1 ? name : `${base.slice(0, longest - end.length)}${end}`;
		if (!taken.has(numbered.toLowerCase())) {
			taken.add(numbered.toLowerCase());
			yield numbered;
		}
	}
};

const countEach = (texts: readonly string[]): ReadonlyMap<string, number> => {
	const counts = new Map<string, number>();
	for (const text of texts) {
		counts.set(text, (counts.get(text) ?? 0) + 1);
	}

	return counts;
};

/**
 * One name for each document of a fax: `[A-Za-z0-9][A-Za-z0-9._@-]*`, the same at every delivery, in whatever order the
 * documents are listed. Unique regardless of case, because on many disks `A.pdf` and `a.pdf` are the same file.
 */
export const documentFilenames = (originals: readonly string[]): readonly string[] => {
	const counts = countEach(originals);
	const spellings = countEach([...counts.keys()].map((original) => original.toLowerCase()));
	const taken = new Set<string>();
	// Sorted, so that the order of the list does not matter; each original has a name before any has a second one.
	const named = [...counts]
		.sort(([left], [right]) => (left < right ? -1 : 1))
		.map(([original, count]) => {
			const isAlone = spellings.get(original.toLowerCase()) === 1;
			const free = freeNames(isAlone && isSafe(original) ? original : hashedName(original), taken);
			return {original, count, free, names: [free.next().value]};
		});
	for (const {count, free, names} of named) {
		while (names.length < count) {
			names.push(free.next().value);
		}
	}

	const namesOf = new Map(named.map(({original, names}) => [original, names.values()]));
	return originals.map((original) => namesOf.get(original)?.next().value ?? original);
};
