/** Shows waiting faxes in the dialog. They are patient data: looking takes a permission and leaves an audit entry. */
import type {NodeAPI} from '@node-red/registry';
import type {Request, Response} from 'express';
import {ConfigError, DocumentGoneError, RetarusError, type Facts} from '../../lib/errors';
import type {HeldFax, WaitingFax} from '../../lib/exchange/preview';
import type {FaxIn, Receiving} from '../fax-in';
import {fieldsOf, textOf} from './fields';
import {addRoute} from './routes';

/** The answer to the dialog. */
export type WaitingResult =
	| {
			readonly kind: 'waiting';
			readonly topic: string;
			readonly faxes: readonly WaitingFax[];
			readonly held: readonly HeldFax[];
	  }
	| {readonly kind: 'failed'; readonly reason: string; readonly facts: Facts};

/** A document as text, because the editor's requests cannot receive bytes. */
export interface ShownDocument {
	readonly filename: string;
	readonly contentType: string;
	/** base64 */
	readonly content: string;
}

export const mostShown = 10;
const permission = 'retarus-fax.read';

/** @param find returns the deployed node with an id */
export const addWaitingFaxes = (RED: NodeAPI, find: (id: string) => FaxIn | undefined): void => {
	const receivingOf = (request: Request): Receiving => {
		const receiving = find(String(request.params.id))?.receiving;
		if (!receiving) {
			throw new ConfigError('notReceiving');
		}

		return receiving;
	};
	const audit = (request: Request, step: 'looked' | 'viewed', facts: Facts): void => {
		const entry = {level: RED.log.AUDIT, event: `retarus-fax.${step}`, node: String(request.params.id), ...facts};
		RED.log.audit(entry, request);
	};
	addRoute(RED, {
		method: 'post',
		path: '/retarus-fax-in/:id/waiting',
		permission,
		handle: (request, response) =>
			answer(response, async () => {
				const {topic} = receivingOf(request);
				const faxes = await topic.preview.waiting(mostShown);
				audit(request, 'looked', {topic: topic.name, count: faxes.length});
				response.json({kind: 'waiting', topic: topic.name, faxes, held: topic.preview.held} satisfies WaitingResult);
			}),
	});
	addRoute(RED, {
		method: 'post',
		path: '/retarus-fax-in/:id/document',
		permission,
		handle: (request, response) =>
			answer(response, async () => {
				const {topic, maxFaxBytes} = receivingOf(request);
				const fields = fieldsOf(request.body);
				const id = textOf(fields, 'fax');
				const gone = new AbortController();
				response.on('close', () => {
					gone.abort(new Error('the page was closed'));
				});
				const document = await topic.preview.document(id, Number(fields.index), maxFaxBytes, gone.signal);
				if (!document) {
					throw new DocumentGoneError('documentGone', {id, topic: topic.name, status: 404});
				}

				audit(request, 'viewed', {topic: topic.name, id, sha256: document.sha256});
				const {filename, contentType, content} = document;
				response.json({filename, contentType, content: content.toString('base64')} satisfies ShownDocument);
			}),
	});
};

/** Answers with one of our errors as JSON; rejects with any other. */
const answer = async (response: Response, act: () => Promise<void>): Promise<void> => {
	try {
		await act();
	} catch (error) {
		if (!(error instanceof RetarusError)) {
			throw error;
		}

		response
			.status(error instanceof ConfigError ? 409 : 502)
			.json({kind: 'failed', reason: error.reason, facts: error.facts} satisfies WaitingResult);
	}
};
