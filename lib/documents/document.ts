/** One document, fetched once: read within the allowance, hashed on the way, judged at the end. */
import {createHash} from 'node:crypto';
import type {Allowance} from './allowance';
import {judgeContent} from './content';
import {DocumentInvalidError, NetworkError} from '../errors';
import type {FaxDocument} from '../fax';
import type {DocumentStream, RetarusClient} from '../retarus/client';

export interface DocumentRequest {
	readonly index: number;
	/** Last segment of the URL that the service gave. */
	readonly segment: string;
	readonly filename: string;
	/** Name the fax in errors. */
	readonly facts: {readonly id: string; readonly topic: string};
}

export interface FetchedDocument {
	readonly document: FaxDocument;
	/** False when it is of another type than its name says. */
	readonly expected: boolean;
}

/** @throws RetarusError, NoRoom, and what the signal was aborted with */
export const fetchDocument = async (
	service: RetarusClient,
	request: DocumentRequest,
	allowance: Allowance,
	signal: AbortSignal,
): Promise<FetchedDocument> => {
	const {index, segment, filename, facts} = request;
	const stream = await service.download(segment, facts, signal);
	const claims = new Claims(allowance);
	try {
		const {content, sha256} = await readBody(stream, claims, facts);
		const verdict = judgeContent({
			filename,
			content,
			declaredType: stream.contentType,
			closeDelimited: stream.closeDelimited,
		});
		switch (verdict.kind) {
			case 'incomplete':
				throw new DocumentInvalidError('documentIncomplete', facts);
			case 'noFax':
				throw new DocumentInvalidError('documentNoFax', {...facts, detail: verdict.detail});
			case 'document':
				return {
					document: {index, filename, contentType: verdict.contentType, size: content.length, sha256, content},
					expected: verdict.expected,
				};
		}
	} catch (error) {
		stream.discard();
		claims.drop();
		throw error instanceof NetworkError && error.phase === 'body'
			? new DocumentInvalidError('documentIncomplete', facts, {cause: error})
			: error;
	}
};

/** What this attempt has claimed. */
class Claims {
	readonly #allowance: Allowance;
	#bytes = 0;

	constructor(allowance: Allowance) {
		this.#allowance = allowance;
	}

	/** Claims up to `bytes` in all. */
	reach(bytes: number): void {
		if (bytes > this.#bytes) {
			this.#allowance.claim(bytes - this.#bytes);
			this.#bytes = bytes;
		}
	}

	drop(): void {
		this.#allowance.unclaim(this.#bytes);
	}
}

interface Body {
	readonly content: Buffer;
	readonly sha256: string;
}

const readBody = async (stream: DocumentStream, claims: Claims, facts: DocumentRequest['facts']): Promise<Body> => {
	const hash = createHash('sha256');
	const content =
		stream.length === undefined
			? await readUnannounced(stream, claims, (chunk) => hash.update(chunk))
			: await readAnnounced(stream, stream.length, claims, (chunk) => hash.update(chunk));
	if (content === undefined || !(await stream.endedCleanly())) {
		throw new DocumentInvalidError('documentIncomplete', facts);
	}

	return {content, sha256: hash.digest('hex')};
};

/** One buffer of its own, here and below: a slice of Node's shared pool would keep its neighbours alive in the flow. */
const readAnnounced = async (
	stream: DocumentStream,
	length: number,
	claims: Claims,
	update: (chunk: Uint8Array) => void,
): Promise<Buffer | undefined> => {
	claims.reach(length);
	const content = Buffer.allocUnsafeSlow(length);
	let size = 0;
	await stream.read((chunk) => {
		if (size + chunk.length <= length) {
			content.set(chunk, size);
			update(chunk);
		}

		size += chunk.length;
	});
	return size === length ? content : undefined;
};

const readUnannounced = async (
	stream: DocumentStream,
	claims: Claims,
	update: (chunk: Uint8Array) => void,
): Promise<Buffer> => {
	const chunks: Uint8Array[] = [];
	let size = 0;
	await stream.read((chunk) => {
		size += chunk.length;
		claims.reach(size);
		chunks.push(chunk);
		update(chunk);
	});

	const content = Buffer.allocUnsafeSlow(size);
	let end = 0;
	for (const chunk of chunks) {
		content.set(chunk, end);
		end += chunk.length;
	}

	return content;
};
