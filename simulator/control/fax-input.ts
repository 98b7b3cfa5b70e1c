import type {NewDocument} from '../documents/document';
import {Fields} from './fields';
import type {NewFax} from '../faxes/new-fax';
import {RequestError} from '../http/reply';
import {sampleNames} from '../documents/samples';

/** A fax to add, and how many copies of it. */
export interface FaxInput {
	readonly newFax: NewFax;
	readonly copies: number;
}

const maximumCopies = 10_000;

/**
 * Parses `{"topic": "demo", "sample": "order", "from": "+4989000001", "copies": 3}`; `documents` may replace `sample`.
 * @throws RequestError 400
 */
export function parseFaxInput(body: unknown): FaxInput {
	const fields = new Fields(body, 'A fax');
	const {copies, ...facts} = parseFacts(fields);
	const sample = fields.oneOf('sample', sampleNames);
	const documents = fields.list('documents')?.map(parseDocument);
	fields.finish();
	if (sample !== undefined && documents !== undefined) {
		throw new RequestError(400, 'A fax takes either a sample or documents, not both.');
	}
	return {newFax: documents === undefined ? {...facts, sample} : {...facts, documents}, copies};
}

type Facts = Pick<NewFax, 'topic' | 'from' | 'to' | 'csid' | 'pages'>;

/** Parses the fields that samples, documents and uploads have in common. */
export function parseFacts(fields: Fields): Facts & {readonly copies: number} {
	return {
		topic: fields.string('topic'),
		from: fields.string('from'),
		to: fields.string('to'),
		csid: fields.string('csid'),
		pages: fields.integer('pages', 1, 100_000),
		copies: fields.integer('copies', 1, maximumCopies) ?? 1,
	};
}

/** Accepts any bytes under any extension: a test may need a `.pdf` that is not a PDF. */
function parseDocument(value: unknown): NewDocument {
	const fields = new Fields(value, 'A document');
	const extension = fields.required('extension', fields.string('extension'));
	const encoded = fields.required('contentBase64', fields.string('contentBase64'));
	fields.finish();
	if (!/^[A-Za-z0-9]{1,16}$/.test(extension)) {
		throw new RequestError(400, 'A document: extension must be letters and digits, without the dot.');
	}
	const content = Buffer.from(encoded, 'base64');
	if (content.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) {
		throw new RequestError(400, 'A document: contentBase64 must be base64 without line breaks.');
	}
	return {extension, content};
}
