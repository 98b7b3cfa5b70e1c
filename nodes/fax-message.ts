/**
 * Turns a delivered fax into the messages for the flow. No core node obeys any of their top-level names, so a fax
 * cannot change what the nodes of a flow do.
 */
import type {NodeAPI, NodeMessage} from '@node-red/registry';
import {fill} from '../lib/errors';
import type {Draft, Fax, FaxDocument} from '../lib/fax';
import {deletionTime} from '../lib/retarus/metadata';
import type {MessagePer} from '../lib/node-config';
import type {DeliveredFax, FaxSummary} from '../lib/faxes/events';
import {errorText, faxInText} from './texts';

export interface FaxSource {
	readonly topic: string;
	/** Id of the account node. */
	readonly account: string;
	/** How long the service keeps a fax after its receipt. */
	readonly keptMs: number | undefined;
}

export interface FaxMessage extends NodeMessage {
	readonly topic: string;
	readonly payload: Buffer | null;
	readonly filename?: string;
	readonly description: string;
	readonly fax: Fax;
	readonly attachments?: readonly {
		readonly filename: string;
		readonly contentType: string;
		readonly content: Buffer;
		readonly size: number;
	}[];
	readonly parts?: {readonly id: string; readonly index: number; readonly count: number; readonly type: 'array'};
}

/** Creates `msg.fax`, with the documents that are known. */
export const faxOf = (
	RED: NodeAPI,
	source: FaxSource,
	fax: FaxSummary & Partial<Pick<DeliveredFax, 'documents' | 'givenUp'>>,
): Fax => {
	const {id, delivery, metadata, raw, lockedUntilMs, documents = [], givenUp} = fax;
	const whole: Draft<Fax> = {
		id,
		topic: source.topic,
		account: source.account,
		delivery,
		...metadata,
		lockedUntil: new Date(lockedUntilMs).toISOString(),
		documents: documents.map(({index, filename, contentType, size, sha256, expected}) => ({
			index,
			filename,
			contentType,
			size,
			sha256,
			expected,
		})),
		// A copy: a node may change its message, and the fax may be delivered again.
		raw: structuredClone(raw),
	};
	const deleteAfter = deletionTime(metadata, source.keptMs);
	if (deleteAfter !== undefined) {
		whole.deleteAfter = deleteAfter;
	}

	if (givenUp) {
		whole.problem = {code: givenUp.code, message: errorText(RED, givenUp.reason, givenUp.facts, givenUp.reason)};
	}

	return whole;
};

/**
 * Creates one message for the fax, or one for each document. A fax given up without documents yields one message
 * without payload. No two messages share an object below `msg.fax`, because a node may change its message.
 */
export const messagesOf = (
	RED: NodeAPI,
	source: FaxSource,
	delivered: DeliveredFax,
	messagePer: MessagePer,
): readonly FaxMessage[] => {
	const {documents} = delivered;
	const messageOf = (document: FaxDocument | undefined): Draft<FaxMessage> => {
		const fax = faxOf(RED, source, delivered);
		const message: Draft<FaxMessage> = {
			topic: source.topic,
			description: describe(RED, fax),
			fax,
			payload: document?.content ?? null,
		};
		if (document) {
			message.filename = document.filename;
		}

		return message;
	};

	if (messagePer === 'fax') {
		const message = messageOf(documents[0]);
		message.attachments = documents.map(attachment);
		return [message];
	}

	const parts = documents.length === 0 ? [undefined] : documents;
	const messageId = RED.util.generateId();
	return parts.map((document, index) => {
		const message = messageOf(document);
		message._msgid = messageId;
		message.parts = {id: delivered.id, index, count: parts.length, type: 'array'};
		return message;
	});
};

const attachment = ({
	filename,
	contentType,
	content,
	size,
}: FaxDocument): {filename: string; contentType: string; content: Buffer; size: number} => ({
	filename,
	contentType,
	content,
	size,
});

type DescriptionPart = 'fax' | 'from' | 'to' | 'onePage' | 'pages';

/** Used where there is no catalogue, as in Node-RED's test helper. */
const inEnglish: Readonly<Record<DescriptionPart, string>> = {
	fax: 'Fax',
	from: 'from __from__',
	to: 'to __to__',
	onePage: '1 page',
	pages: '__pages__ pages',
};

/** Cached, because the server's language never changes and a lookup costs more than the rest of a message. */
const patterns = new WeakMap<NodeAPI, Readonly<Record<DescriptionPart, string>>>();

const patternsOf = (RED: NodeAPI): Readonly<Record<DescriptionPart, string>> => {
	const known = patterns.get(RED);
	if (known) {
		return known;
	}

	const pattern = (part: DescriptionPart): string =>
		faxInText(RED, `description.${part}`, {from: '__from__', to: '__to__', pages: '__pages__'}, inEnglish[part]);
	const found = {
		fax: pattern('fax'),
		from: pattern('from'),
		to: pattern('to'),
		onePage: pattern('onePage'),
		pages: pattern('pages'),
	};
	patterns.set(RED, found);
	return found;
};

/** One line for people, ready to use as the text of a mail. */
const describe = (RED: NodeAPI, {from, to, pages, receivedAt}: Fax): string => {
	const texts = patternsOf(RED);
	const numbers = [
		texts.fax,
		from === undefined ? '' : fill(texts.from, {from}),
		to === undefined ? '' : fill(texts.to, {to}),
	]
		.filter(Boolean)
		.join(' ');
	const pagesText = pages === undefined ? '' : pages === 1 ? texts.onePage : fill(texts.pages, {pages});
	return [numbers, pagesText, receivedAt?.replace('T', ' ').slice(0, 16)].filter(Boolean).join(', ');
};
