/** Refuses messages that carry a failure: core nodes send those on as if nothing had happened. */
import {inspect} from 'node:util';
import {GuardError} from '../lib/errors';
import {isRecord} from '../lib/json';

/** Long enough to recognise, short enough for a log. */
const shown = (value: unknown): string => {
	const message = isRecord(value) && typeof value.message === 'string' ? value.message : value;
	return (
		typeof message === 'string' ? message : inspect(message, {depth: 1, breakLength: Infinity, customInspect: false})
	).slice(0, 80);
};

/** `Number` would throw for some objects and symbols. */
const figure = (value: unknown): number =>
	typeof value === 'symbol' || (typeof value === 'object' && value !== null) ? Number.NaN : Number(value);

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === false || value === '';

/**
 * @param id of the one fax in the message; `undefined` for several
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
	// A process that was killed, as exec does when its time is over, has none: null.
	if (returnCode === null || (!isAbsent(returnCode) && figure(returnCode) !== 0)) {
		throw new GuardError('carriesReturnCode', {value: shown(returnCode)});
	}

	if (isRecord(parts) && figure(parts.count) > 1 && parts.id !== id) {
		throw new GuardError('foreignParts', {value: shown({id: parts.id, index: parts.index, count: parts.count})});
	}
};
