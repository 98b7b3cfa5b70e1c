/**
 * Sends requests to the runtime. Only requests by jQuery with a relative address get the editor's token and respect
 * `httpAdminRoot` (Node-RED 4.1, editor-client/src/js/red.js).
 */
import {shared} from './catalogue';

/** Why the runtime, or something on the way to it, refused a request. The message is a sentence for the user. */
export class Refusal extends Error {}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

/** The sentence for an answer whose `reason` is a key of the catalogue; `undefined` for any other answer. */
export const sentenceOf = (answer: unknown): string | undefined => {
	if (!isRecord(answer) || typeof answer.reason !== 'string') {
		return undefined;
	}

	const facts: Record<string, string | number> = {};
	for (const [name, value] of Object.entries(isRecord(answer.facts) ? answer.facts : {})) {
		facts[name] = typeof value === 'number' ? value : String(value);
	}

	return shared(`error.${answer.reason}`, facts);
};

const parsed = (body: string): unknown => {
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return undefined;
	}
};

const refusal = (status: number, body: string): Refusal => {
	const otherwise = (): string =>
		status === 401 || status === 403
			? shared('ask.forbidden', {status})
			: status === 0
				? shared('ask.noAnswer')
				: shared('ask.failed', {status});
	return new Refusal(sentenceOf(parsed(body)) ?? otherwise());
};

/**
 * Posts the body and resolves with the parsed JSON of the answer.
 * @throws Refusal if the answer is an error or does not arrive
 */
export const ask = (path: string, body: object): Promise<unknown> =>
	new Promise((resolve, reject) => {
		$.ajax({
			url: path,
			method: 'POST',
			contentType: 'application/json',
			data: JSON.stringify(body),
			dataType: 'text',
			success(text: string) {
				resolve(parsed(text));
			},
			error({status, responseText}) {
				reject(refusal(status, responseText));
			},
		});
	});
