/** One attempt at one document: read as it arrives, hashed, judged at its end. */
import type {Allowance, Claim} from './byte-budget';
import {Body, Pace} from './body';
import {judgeContent} from './content';
import type {Clock} from '../environment';
import {DocumentInvalidError, NetworkError, TimeoutError} from '../errors';
import type {FaxDocument} from '../fax';
import {LinkedAbort} from '../pacing/linked-abort';
import type {DocumentStream, RetarusClient} from '../retarus/client';

export interface DocumentRequest {
	readonly index: number;
	/** Last segment of the URL that the service gave. */
	readonly segment: string;
	readonly filename: string;
	/** Name the fax in errors. */
	readonly facts: {readonly id: string; readonly topic: string};
}

export interface AttemptOptions {
	readonly client: RetarusClient;
	readonly clock: Clock;
	readonly allowance: Allowance;
	readonly signal: AbortSignal;
	/** Called when the service begins to send the document. */
	readonly onAnswer: () => void;
}

export interface Attempted {
	readonly document: FaxDocument;
	/** False when something may be missing. */
	readonly isComplete: boolean;
	/** Gives its bytes back: it is not used. */
	readonly drop: () => void;
}

/** @throws RetarusError, NoRoom, and what the signal was aborted with */
export const attemptDocument = async (
	request: DocumentRequest,
	{client, clock, allowance, signal, onAnswer}: AttemptOptions,
): Promise<Attempted> => {
	const {segment, facts} = request;
	const abort = new LinkedAbort(signal);
	try {
		const stream = await client.download(segment, facts, abort.signal);
		onAnswer();
		const pace = new Pace(clock, (seen) => {
			abort.abort(new TimeoutError('tooSlow', {...facts, ...seen}));
		});
		try {
			return await readDocument(request, stream, allowance, pace, abort.signal);
		} catch (error) {
			stream.discard();
			throw error;
		} finally {
			pace.stop();
		}
	} catch (error) {
		throw translate(error, facts);
	} finally {
		abort.release();
	}
};

const readDocument = async (
	request: DocumentRequest,
	stream: DocumentStream,
	allowance: Allowance,
	pace: Pace,
	signal: AbortSignal,
): Promise<Attempted> => {
	const claim = allowance.claim(stream.length);
	try {
		const body = new Body(stream.length);
		await stream.read((chunk) => {
			pace.add(chunk.length);
			claim.arrive(chunk.length);
			body.add(chunk);
		});
		signal.throwIfAborted();
		pace.stop();
		if (body.size !== (stream.length ?? body.size) || !(await stream.endedCleanly())) {
			throw new DocumentInvalidError('documentIncomplete', request.facts);
		}

		return judge(request, stream, body.finish(), claim);
	} catch (error) {
		claim.drop();
		throw error;
	}
};

const judge = (
	{index, filename, facts}: DocumentRequest,
	{contentType: declaredType, closeDelimited}: DocumentStream,
	{content, sha256}: ReturnType<Body['finish']>,
	claim: Claim,
): Attempted => {
	const verdict = judgeContent({filename, content, declaredType, closeDelimited});
	switch (verdict.kind) {
		case 'incomplete':
			throw new DocumentInvalidError('documentIncomplete', facts);
		case 'noFax':
			throw new DocumentInvalidError('documentNoFax', {...facts, detail: verdict.detail});
		case 'document': {
			const {contentType, expected, isComplete} = verdict;
			return {
				document: {index, filename, contentType, size: content.length, sha256, expected, content},
				isComplete,
				drop: () => {
					claim.drop();
				},
			};
		}
	}
};

/** Names the fax where the client cannot, and the document where only the connection is named. */
const translate = (error: unknown, facts: DocumentRequest['facts']): unknown => {
	if (error instanceof NetworkError && error.phase === 'body') {
		return new DocumentInvalidError('documentIncomplete', facts, {cause: error});
	}

	return error instanceof TimeoutError && !('id' in error.facts)
		? new TimeoutError(error.reason, {...facts, ...error.facts}, {cause: error})
		: error;
};
