import {isRecord} from '../../../lib/json';
import {WebService, type WebAnswer, type WebRequest} from './web-service';

/** How the ERP behaves. `lostAnswer`: it creates the entry, and then answers with an error. */
export type ErpMood = 'healthy' | 'failing' | 'lostAnswer' | 'silent' | 'refusing';

export interface ErpEntry {
	readonly FaxId: string;
	readonly CalledNumber: string;
	readonly Pages: number;
	readonly Documents: readonly {readonly FileName: string; readonly ContentType: string; readonly Content: string}[];
}

const odataError = (code: string, message: string): unknown => ({error: {code, message: {lang: 'en', value: message}}});

const isEntry = (value: unknown): value is ErpEntry =>
	isRecord(value) && typeof value.FaxId === 'string' && Array.isArray(value.Documents);

/** An ERP with OData-like answers. A second entry with the same id is a conflict. */
export class Erp extends WebService {
	readonly entries = new Map<string, ErpEntry>();
	mood: ErpMood = 'healthy';

	constructor() {
		super((request) => this.#decide(request));
	}

	get url(): string {
		return `${this.origin}/odata/IncomingFaxes`;
	}

	#decide({method, path, headers, body}: WebRequest): WebAnswer {
		if (headers.authorization !== `Basic ${Buffer.from('fax:open sesame').toString('base64')}`) {
			return [401, odataError('UNAUTHORIZED', 'Who are you?')];
		}

		const entry: unknown = JSON.parse(body.toString());
		if (
			method !== 'POST' ||
			path !== '/odata/IncomingFaxes' ||
			!isEntry(entry) ||
			headers['idempotency-key'] !== entry.FaxId
		) {
			return [400, odataError('BAD_REQUEST', 'Not an entry')];
		}

		switch (this.mood) {
			case 'failing':
				return [500, odataError('INTERNAL', 'Out of order')];
			case 'silent':
				return undefined;
			case 'refusing':
				return [422, odataError('LOCKED_PERIOD', 'The period is closed')];
			default:
				return this.#keep(entry);
		}
	}

	#keep(entry: ErpEntry): WebAnswer {
		if (this.entries.has(entry.FaxId)) {
			return [409, odataError('DUPLICATE', 'There is an entry with this FaxId')];
		}

		this.entries.set(entry.FaxId, entry);
		return this.mood === 'lostAnswer' ? [503, odataError('UNAVAILABLE', 'Try again')] : [201, {d: entry}];
	}
}
