/** What a status other than 2xx means, who says so, and how long it asks to wait. */
import {
	AuthError,
	DocumentGoneError,
	DocumentInvalidError,
	NetworkError,
	ProtocolError,
	RateLimitError,
	ServiceError,
	TopicError,
	type ErrorReason,
	type RetarusError,
	type RetarusErrorOptions,
	type Speaker,
} from '../errors';
import {longestRetryAfterMs} from './facts';
import type {TransportResponse} from './http';

/** An answer that says no, with its body read. */
export interface Refusal {
	readonly status: number;
	readonly headers: TransportResponse['headers'];
	readonly body: string;
	/** As of {@link TransportResponse}. */
	readonly peer: string;
}

/** Names the fax in errors. */
export type DocumentFacts = Readonly<Record<'id' | 'topic', string>>;

/** Nobody asks for a part, but a cache on the way may hold no more. */
export const partOfDocument = 206;

/**
 * They speak of the connection or the moment, never of a topic or an id, whoever sends them: timed out,
 * misdirected, too early.
 */
const passingStatuses: readonly number[] = [408, 421, 425];

/** Seconds or a date, an hour at most; 0 when absent or unreadable. */
export const retryAfterMs = (header: string | undefined, nowWallMs: number): number => {
	if (header === undefined) {
		return 0;
	}

	const [, seconds] = /^\s*(\d+(?:\.\d+)?)\s*s?(?:ec(?:onds?)?)?\s*(?:,|$)/i.exec(header) ?? [];
	const ms = seconds === undefined ? Date.parse(header) - nowWallMs : Number(seconds) * 1000;
	return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), longestRetryAfterMs);
};

/** A date counts from the answer's own, so that neither clock has to be right. */
const pauseMs = ({'retry-after': header, date}: Refusal['headers'], nowWallMs: number): number => {
	const answeredMs = Date.parse(date ?? '');
	return retryAfterMs(header, Number.isNaN(answeredMs) ? nowWallMs : answeredMs);
};

const isJsonType = (contentType: string | undefined): boolean => /[/+]json\b/i.test(contentType ?? '');

/**
 * The service answers in JSON. A status without a body is taken for the service's too, unless it claims to be
 * something else: nothing in it points at anybody else. Text and web pages come from what stands before the
 * service.
 */
const speakerOf = ({headers: {'content-type': contentType}, body}: Refusal): Speaker => {
	const isJson = isJsonType(contentType);
	if (body.trim() === '') {
		return contentType === undefined || isJson ? 'service' : 'unknown';
	}

	try {
		const content: unknown = JSON.parse(body);
		return isJson || (typeof content === 'object' && content !== null) ? 'service' : 'unknown';
	} catch {
		return 'unknown';
	}
};

/** nginx, IIS and others let a connection in before they say that it should have shown a certificate. */
const wantsClientCertificate = ({status, body}: Refusal, speaker: Speaker): boolean =>
	[495, 496].includes(status) ||
	([400, 403].includes(status) && speaker !== 'service' && /\b(?:SSL|client) certificate\b/i.test(body));

/** What a status means for both kinds of request. */
const commonError = (refusal: Refusal, waitMs: number, speaker: Speaker): RetarusError | undefined => {
	const {status} = refusal;
	const options = {retryAfterMs: waitMs, speaker};
	switch (true) {
		case status < 400:
			return new ProtocolError('redirected', {status}, {retryAfterMs: waitMs});
		case status === 401:
			return new AuthError('unauthorized', 'account', {}, options);
		case status === 407:
			return proxyUnauthorized(refusal.peer, {retryAfterMs: waitMs});
		case status === 429:
			return new RateLimitError(waitMs);
		case wantsClientCertificate(refusal, speaker):
			return new NetworkError('clientCertificateWanted', 'waiting', {detail: status}, {scope: 'account'});
		case passingStatuses.includes(status):
			return new ServiceError('serverError', status, {}, waitMs);
		case status >= 500:
			return new ServiceError('serverError', status, {}, waitMs, {speaker});
		default:
			return undefined;
	}
};

/** @param proxy by name */
export const proxyUnauthorized = (proxy: string, options: RetarusErrorOptions): NetworkError =>
	new NetworkError('proxyUnauthorized', 'connecting', {proxy}, {...options, scope: 'account'});

export const exchangeError = (refusal: Refusal, topic: string, nowWallMs: number): RetarusError => {
	const {status} = refusal;
	const waitMs = pauseMs(refusal.headers, nowWallMs);
	const speaker = speakerOf(refusal);
	const options = {retryAfterMs: waitMs, speaker};
	const common = commonError(refusal, waitMs, speaker);
	if (common) {
		return common;
	}

	const by = (own: ErrorReason, other: ErrorReason): ErrorReason => (speaker === 'service' ? own : other);
	switch (status) {
		case 403:
			return new AuthError(by('forbidden', 'forbiddenByOther'), 'topic', {topic}, options);
		case 404:
			return new TopicError(by('topicUnknown', 'topicUnknownToOther'), {topic}, options);
		default:
			return new ServiceError(by('requestRefused', 'requestRefusedByOther'), status, {}, waitMs, {speaker});
	}
};

export const downloadError = (refusal: Refusal, facts: DocumentFacts, nowWallMs: number): RetarusError => {
	const {status} = refusal;
	const waitMs = pauseMs(refusal.headers, nowWallMs);
	const speaker = speakerOf(refusal);
	switch (status) {
		case partOfDocument:
			return new DocumentInvalidError('documentIncomplete', facts);
		case 404:
		case 410:
			return new DocumentGoneError('documentGone', {...facts, status}, {retryAfterMs: waitMs, speaker});
		default:
			return (
				commonError(refusal, waitMs, speaker) ?? new ServiceError('documentRefused', status, facts, waitMs, {speaker})
			);
	}
};
