import type {Consume} from '../../../lib/retarus/http-call';
import {NetworkError} from '../../../lib/errors';
import type {TransportResponse} from '../../../lib/retarus/http';
import type {FaultKind} from './faults';
import type {Life} from './machine';
import {empty, type ServiceReply} from '../../world/retarus';
import type {Weather} from './weather';

type Ending = 'whole' | 'broken' | 'silent' | 'slow';

/** An answer on its way back, and what befalls its body. */
export class Answer {
	readonly #status: number;
	readonly #body: Buffer;
	readonly #headers: Readonly<Record<string, string>>;
	readonly #ending: Ending;
	readonly #isClean: boolean;

	constructor(
		{status, body}: Pick<ServiceReply, 'status' | 'body'>,
		options: {headers?: Readonly<Record<string, string>>; ending?: Ending; isClean?: boolean} = {},
	) {
		this.#status = status;
		this.#body = body;
		this.#headers = options.headers ?? {'content-length': String(body.length)};
		this.#ending = options.ending ?? 'whole';
		this.#isClean = options.isClean ?? true;
	}

	toResponse(life: Life, signal: AbortSignal): TransportResponse {
		return {
			status: this.#status,
			headers: this.#headers,
			read: (consume) => this.#read(consume, life, signal),
			discard: () => undefined,
			endedCleanly: () => Promise.resolve(this.#isClean),
		};
	}

	async #read(consume: Consume, life: Life, signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (this.#ending === 'whole') {
			await Promise.resolve();
			consume(this.#body);
			return;
		}

		consume(this.#body.subarray(0, 8));
		await Promise.resolve();
		signal.throwIfAborted();
		if (this.#ending === 'broken') {
			throw new NetworkError('connectionBroken', 'body', {host: 'retarus', detail: 'simulated'});
		}

		await late(life, signal, this.#ending === 'slow');
		consume(this.#body.subarray(8));
	}
}

/** After some time, or never, unless the reader gives up before. */
const late = (life: Life, signal: AbortSignal, comes: boolean): Promise<void> =>
	new Promise((resolve, reject) => {
		signal.addEventListener(
			'abort',
			() => {
				reject(signal.reason as Error);
			},
			{once: true},
		);
		if (comes) {
			life.in(4000, resolve);
		}
	});

const page = {status: 200, body: Buffer.from('<!doctype html><title>Log in</title>')};
const refusal = (status: number, retryAfter?: number): Answer =>
	new Answer({status, body: empty}, retryAfter === undefined ? {} : {headers: {'retry-after': String(retryAfter)}});

/** What comes back of a request that has reached the service. `serve` makes the service do it, now. */
export const answerFates = (
	weather: Weather,
	phase: 'exchange' | 'document',
	serve: () => ServiceReply,
): Answer | 'lost' | 'reset' => {
	const strikes = (kind: FaultKind): boolean => weather.strikes(kind);
	switch (true) {
		case weather.lasts('unauthorized'):
			return refusal(401);
		case weather.lasts('forbidden'):
			return refusal(403);
		case weather.lasts('topicUnknown') && phase === 'exchange':
			return refusal(404);
		case strikes('rateLimit'):
			return refusal(429, weather.stream('rateLimit').integer(0, 120));
		case strikes('unavailable'):
			return refusal(503, weather.stream('unavailable').integer(0, 60));
		case strikes('serverError'):
			return refusal(500);
		case strikes('html'):
			return new Answer(page);
		default:
			return phase === 'exchange' ? afterExchange(weather, serve()) : afterDocument(weather, serve());
	}
};

/** The service has done what it was asked. */
const afterExchange = (weather: Weather, reply: ServiceReply): Answer | 'lost' | 'reset' => {
	switch (true) {
		case weather.strikes('lostAnswer'):
			return 'lost';
		case weather.strikes('resetAfter'):
			return 'reset';
		case weather.strikes('serverErrorAfter'):
			return refusal(502);
		case weather.strikes('truncatedAnswer'):
			return new Answer(reply, {ending: weather.stream('truncatedAnswer').pick(['broken', 'silent', 'slow'])});
		case weather.strikes('garbledAnswer'):
			return new Answer({
				...reply,
				body: weather.stream('garbledAnswer').pick([Buffer.from('{"meta":{}}'), reply.body.subarray(0, 20), empty]),
			});
		default:
			return new Answer(reply);
	}
};

const afterDocument = (weather: Weather, reply: ServiceReply): Answer | 'lost' | 'reset' => {
	if (reply.status !== 200) {
		return new Answer(reply);
	}

	const {status, body} = reply;
	switch (true) {
		case weather.strikes('documentReset'):
			return new Answer(reply, {ending: 'broken'});
		case weather.strikes('documentShort'):
			return new Answer(
				{status, body: body.subarray(0, body.length - 3)},
				{headers: {'content-length': String(body.length)}},
			);
		case weather.strikes('documentUnclean'):
			return new Answer({status, body: body.subarray(0, body.length - 3)}, {isClean: false});
		case weather.strikes('documentCut'):
			return new Answer({status, body: body.subarray(0, body.length - 3)}, {headers: {}});
		case weather.strikes('documentHtml'):
			return new Answer(page);
		case weather.strikes('documentEmpty'):
			return new Answer({status, body: empty});
		case weather.strikes('documentHang'):
			return new Answer(reply, {ending: 'silent'});
		case weather.strikes('documentSlow'):
			return new Answer(reply, {ending: 'slow', headers: {'transfer-encoding': 'chunked'}});
		case weather.strikes('documentError'):
			return refusal(500);
		case weather.strikes('documentRefused'):
			return refusal(403);
		case weather.strikes('documentMissing'):
			return refusal(404);
		default:
			return new Answer(reply);
	}
};
