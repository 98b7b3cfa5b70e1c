/** A source of numbers from 0 to below 1, as `Math.random`. */
export type Random = () => number;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/**
 * Ids in the shape of a job id of the sister product, `K34A3QX3@J78AO6W.glaqsmucre101.QA1`:
 * an at sign and several dots, because both have surprised clients.
 */
export function createIdentifiers(random: Random): () => string {
	const letters = (length: number): string =>
		Array.from({length}, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
	return () => `${letters(8)}@${letters(7)}.simulator101.QA1`;
}

/** The same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
