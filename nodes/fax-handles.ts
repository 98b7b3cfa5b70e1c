/** Reads which faxes a message is about. */
import {NotAFaxError} from '../lib/errors';
import {isFaxId, isTopic} from '../lib/config-checks';
import type {Part} from '../lib/faxes/part-gathering';
import {isRecord} from '../lib/json';

export interface ReadHandle {
	readonly id: string;
	readonly topic: string;
	readonly account: string;
	readonly delivery: number | undefined;
	/** The object in the message, which receives the timestamps. */
	readonly fax: Record<string, unknown>;
}

/** The account and topic of the node, which take precedence over those of the fax unless they are blank. */
export interface HandleOverrides {
	/** @default '' */
	readonly account: string;
	/** @default '' */
	readonly topic: string;
}

/**
 * Reads one fax, or an array of faxes.
 * @throws NotAFaxError if any of them is invalid
 */
export const readHandles = (fax: unknown, node: HandleOverrides): readonly ReadHandle[] => {
	if (!Array.isArray(fax)) {
		return [readHandle(fax, node)];
	}

	if (fax.length === 0) {
		throw new NotAFaxError('noFaxes');
	}

	// Unlike `map`, `from` visits the holes of a sparse array: a hole is not a fax.
	return Array.from(fax as unknown[], (one) => readHandle(one, node));
};

/** Copies a fax that the flow has frozen, so that it can receive timestamps. */
export const writableFax = (fax: unknown): unknown => {
	if (Array.isArray(fax)) {
		return Array.from(fax as unknown[], writableFax);
	}

	return isRecord(fax) && !Object.isExtensible(fax) ? {...fax} : fax;
};

const readHandle = (fax: unknown, node: HandleOverrides): ReadHandle => {
	if (!isRecord(fax)) {
		throw new NotAFaxError('noFax');
	}

	const {id, delivery} = fax;
	const topic = node.topic || fax.topic;
	const account = node.account || fax.account;
	if (!isFaxId(id)) {
		throw new NotAFaxError('noFaxId');
	}

	if (!isTopic(topic)) {
		throw new NotAFaxError('noFaxTopic');
	}

	if (typeof account !== 'string' || account === '') {
		throw new NotAFaxError('noFaxAccount');
	}

	return {
		id,
		topic,
		account,
		delivery: typeof delivery === 'number' && Number.isSafeInteger(delivery) ? delivery : undefined,
		fax,
	};
};

/**
 * The part of the fax that the message carries; `undefined` for the whole fax.
 * @throws NotAFaxError if `parts` belongs to the fax but does not say which part it is
 */
export const readPart = (parts: unknown, id: string): Part | undefined => {
	if (!isRecord(parts) || parts.id !== id || parts.count === 1) {
		return undefined;
	}

	const {index, count} = parts;
	if (
		typeof index !== 'number' ||
		typeof count !== 'number' ||
		!Number.isInteger(index) ||
		!Number.isInteger(count) ||
		index < 0 ||
		index >= count ||
		count > 10_000
	) {
		throw new NotAFaxError('partInvalid');
	}

	return {index, count};
};
