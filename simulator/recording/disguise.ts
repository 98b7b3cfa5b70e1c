import type {Random} from '../identifiers';
import {addressWords, close, open, token, tokensIn, wholeWords} from './words';

/** Dates and times, both in answers and as {@link Disguise} makes them up. */
export const date =
	/\b(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?(?![0-9A-Za-z])/g;
const digits = '0123456789';
const small = 'abcdefghijklmnopqrstuvwxyz';
const capital = small.toUpperCase();

/**
 * Replaces everything that may be personal with made-up text of the same form: digits with digits, letters with
 * letters, dates with dates.
 * Equal texts get equal replacements, so an id still matches its occurrences in URLs; without that a recording could
 * not be replayed. A replacement avoids all originals, or one value could reveal another by chance.
 */
export class Disguise {
	readonly #random: Random;
	/** Tokens that must not appear in the output. */
	readonly #originals: ReadonlySet<string>;
	readonly #replaced = new Map<string, string>();

	/** @param texts every text to be replaced */
	constructor(random: Random, texts: Iterable<string>) {
		this.#random = random;
		this.#originals = tokensIn(texts);
	}

	text(text: string): string {
		return wholeWords.has(text.toLowerCase()) ? text : close(this.#opened(open(text)));
	}

	/** Keeps the number of digits. A plausible timestamp, in seconds or milliseconds, stays one; zero stays zero. */
	number(value: number): number {
		const text = String(value);
		const replaced = text.replaceAll(/\d+/g, (found) => (found === '0' ? found : this.#token(found)));
		return Number(/^1\d{9}(\d{3})?$/.test(text) ? `1${replaced.slice(1)}` : replaced);
	}

	#opened(text: string): string {
		const isOfService = /^https?:\/\/[a-z0-9.-]+\.retarus\.com(?![a-z0-9.-])/i.test(text);
		const isAddress = isOfService || /^https?:\/\/\S+$/i.test(text) || /^\/?(faxin|topics|files)\/\S*$/.test(text);
		let end = 0;
		const parts: string[] = [];
		for (const found of text.matchAll(date)) {
			parts.push(this.#tokens(text.slice(end, found.index), isAddress), this.#date(found[0]));
			end = found.index + found[0].length;
		}
		return parts.join('') + this.#tokens(text.slice(end), isAddress);
	}

	#tokens(text: string, isAddress: boolean): string {
		return text.replaceAll(token, (found) => (isAddress && addressWords.has(found) ? found : this.#token(found)));
	}

	/** Another moment with the same precision and offset. */
	#date(text: string): string {
		return this.#once(text, () => {
			const two = (from: number, to: number): string =>
				String(from + Math.floor(this.#random() * (to - from + 1))).padStart(2, '0');
			return text
				.replace(/^\d{4}-\d\d-\d\d/, `2020-${two(1, 12)}-${two(1, 28)}`)
				.replace(/(?<=[T ])\d\d:\d\d:\d\d/, `${two(0, 23)}:${two(0, 59)}:${two(0, 59)}`)
				.replace(/(?<=[.,])\d+/, (fraction) => this.#drawn(fraction));
		});
	}

	#token(original: string): string {
		return this.#once(original, () => {
			let replaced = this.#drawn(original);
			// One or two characters reveal nothing, and often have no unused replacement.
			const maximumDraws = original.length > 2 ? 1000 : 0;
			for (let draws = 0; draws < maximumDraws && this.#originals.has(replaced.toLowerCase()); draws++) {
				replaced = this.#drawn(original);
			}
			return replaced;
		});
	}

	#once(original: string, draw: () => string): string {
		const replaced = this.#replaced.get(original) ?? draw();
		this.#replaced.set(original, replaced);
		return replaced;
	}

	#drawn(original: string): string {
		// Two leading zeros are the international prefix of a phone number.
		const prefix = /^00(?=\d{2,}$)/.exec(original)?.[0] ?? '';
		return (
			prefix +
			Array.from(original.slice(prefix.length), (character, index) => {
				if (/\p{N}/u.test(character)) {
					// A number that starts with a zero would lose that digit.
					return this.#draw(index === 0 && prefix === '' && character !== '0' ? digits.slice(1) : digits);
				}
				return this.#draw(/\p{Lu}/u.test(character) ? capital : small);
			}).join('')
		);
	}

	#draw(characters: string): string {
		return characters.charAt(Math.floor(this.#random() * characters.length));
	}
}
