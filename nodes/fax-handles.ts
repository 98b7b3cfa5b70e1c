/** Which faxes a message is about. */
import {NotAFaxError} from '../lib/errors';
import {isFaxId, isTopic} from '../lib/node-config';
import type {Part} from '../lib/faxes/part-gathering';
import {isRecord} from '../lib/json';

export interface ReadHandle {
	readonly id: string;
	readonly topic: string;
	readonly account: string;
	readonly delivery: number | undefined;
	/** The fax object of the message itself, which takes the time stamps. */
	readonly fax: Record<string, unknown>;
}

export interface HandleDefaults {
	readonly account: string;
	readonly topic: string;
}

/**
 * One fax, or an array of faxes; what the node says of account and topic comes first.
 * @throws NotAFaxError before anything was done with any of them
 */
export const readHandles = (fax: unknown, node: HandleDefaults): readonly ReadHandle[] => {
	if (!Array.isArray(fax)) {
		return [readHandle(fax, node)];
	}

	if (fax.length === 0) {
		throw new NotAFaxError('noFaxes');
	}

	// A hole in the array is no fax either: `map` would leave it out.
	return Array.from(fax as unknown[], (one) => readHandle(one, node));
};

/** What flows have frozen cannot take a time stamp: a copy can. */
export const writableFax = (fax: unknown): unknown => {
	if (Array.isArray(fax)) {
		return Array.from(fax as unknown[], writableFax);
	}

	return isRecord(fax) && !Object.isExtensible(fax) ? {...fax} : fax;
};

const readHandle = (fax: unknown, node: HandleDefaults): ReadHandle => {
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
 * Which part of its fax the message is; `undefined` when it is the whole.
 * @throws NotAFaxError when it is a part, but does not tell which
 */
export const readPart = (parts: unknown, id: string): Part | undefined => {
	if (!isRecord(parts) || parts.id !== id || parts.count === undefined || parts.count === 1) {
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
