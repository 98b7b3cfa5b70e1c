/**
 * Refuses messages marked as failed. Core nodes pass a failure on like any other message: http request sends a 500 to
 * its output, exec a failed command. Without the guard, a fax whose upload failed would be acknowledged.
 */
import {inspect} from 'node:util';
import {GuardError} from '../lib/errors';
import {isRecord} from '../lib/json';

/** Abbreviates a value for the log. */
const shown = (value: unknown): string => {
	const message = isRecord(value) && typeof value.message === 'string' ? value.message : value;
	return (
		typeof message === 'string' ? message : inspect(message, {depth: 1, breakLength: Infinity, customInspect: false})
	).slice(0, 80);
};

/** `Number` throws for symbols and for some objects. */
const figure = (value: unknown): number =>
	typeof value === 'symbol' || (typeof value === 'object' && value !== null) ? Number.NaN : Number(value);

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === false || value === '';

/**
 * Split sends one message for each piece of a file. Whoever takes the first piece for the whole acknowledges too early.
 * A stream does not say how many pieces it has: nobody can tell when all have come.
 */
const checkParts = ({id, index, count}: Readonly<Record<string, unknown>>, faxId: string | undefined): void => {
	const isPart = !isAbsent(id) || !isAbsent(index) || !isAbsent(count);
	const isWhole = figure(count) === 1;
	if (isPart && !isWhole && (id !== faxId || isAbsent(count))) {
		throw new GuardError(isAbsent(count) ? 'streamParts' : 'foreignParts', {value: shown({id, index, count})});
	}
};

/**
 * @param id of the fax if the message has exactly one
 * @throws GuardError naming the property, its value and the remedy
 */
export const checkGuard = (message: Readonly<Record<string, unknown>>, id: string | undefined): void => {
	const {error, statusCode, rc, parts} = message;
	if (!isAbsent(error)) {
		throw new GuardError('carriesError', {value: shown(error)});
	}

	const status = figure(statusCode);
	if (!isAbsent(statusCode) && !(status >= 200 && status <= 299)) {
		throw new GuardError('carriesStatus', {value: shown(statusCode)});
	}

	const returnCode = isRecord(rc) ? rc.code : undefined;
	// The code of a killed process is null, for example after exec's timeout.
	if (returnCode === null || (!isAbsent(returnCode) && figure(returnCode) !== 0)) {
		throw new GuardError('carriesReturnCode', {value: shown(returnCode)});
	}

	if (isRecord(parts)) {
		checkParts(parts, id);
	}
};
