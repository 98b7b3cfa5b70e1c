/** Returns numbers from 0 up to but excluding 1, like `Math.random`. */
export type Random = () => number;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/**
 * Makes ids shaped like a job id of Retarus's sister product, `K34A3QX3@J78AO6W.glaqsmucre101.QA1`.
 * The at sign and the dots are deliberate: clients have stumbled over both.
 */
export function createIdentifiers(random: Random): () => string {
	const letters = (length: number): string =>
		Array.from({length}, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
	return () => `${letters(8)}@${letters(7)}.simulator101.QA1`;
}

/** A generator that repeats its sequence for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
	let state = seed | 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
