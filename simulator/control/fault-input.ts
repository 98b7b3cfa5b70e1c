import {breakingPoint, trickleDefaults, type BreakingPoint, type Fault} from '../faults/fault';
import type {FaultRule} from '../faults/rule';
import {Fields} from './fields';
import {faultNames, namedRule} from './named-faults';

const phases = ['poll', 'pollWithAcknowledge', 'acknowledge', 'document', 'fetching', 'acknowledging', 'any'] as const;
const redirectStatuses = [301, 302, 303, 307, 308] as const;
const breakingPoints = ['beforeAnswer', 'afterHeaders', 'midBody'] as const;

/**
 * Parses `{"fault": {"kind": "status", "status": 503}, "phase": "poll", "times": 2}`,
 * or a named fault: `{"name": "truncateDocument", "faxId": "..."}`.
 * @throws RequestError 400
 */
export function parseFaultRule(body: unknown): FaultRule {
	const fields = new Fields(body, 'A fault rule');
	const name = fields.oneOf('name', faultNames);
	if (name !== undefined) {
		const rule = namedRule(name, fields.string('faxId'));
		fields.finish();
		return rule;
	}
	const rule: FaultRule = {
		fault: parseFault(fields.any('fault')),
		phase: fields.oneOf('phase', phases),
		times: fields.integer('times', 1, 1_000_000),
		faxId: fields.string('faxId'),
		fileName: fields.string('fileName'),
		topic: fields.string('topic'),
		customerNumber: fields.string('customerNumber'),
		urlLongerThanBytes: fields.integer('urlLongerThanBytes', 0, 1_000_000),
	};
	fields.finish();
	return rule;
}

function parseFault(value: unknown): Fault {
	const fields = new Fields(value, 'A fault');
	const kind = fields.required('kind', fields.oneOf('kind', faultKinds));
	const fault = readers[kind](fields);
	fields.finish();
	return fault;
}

/** One reader per kind: the type keeps a new fault from being forgotten here. */
const readers: {readonly [Kind in Fault['kind']]: (fields: Fields) => Extract<Fault, {kind: Kind}>} = {
	status: (fields) => ({
		kind: 'status',
		status: fields.required('status', fields.integer('status', 200, 599)),
		retryAfter: fields.string('retryAfter'),
		body: fields.string('body'),
		isApplied: fields.boolean('isApplied'),
	}),
	reset: (fields) => ({kind: 'reset', at: readBreakingPoint(fields)}),
	fin: () => ({kind: 'fin'}),
	hang: (fields) => ({kind: 'hang', at: readBreakingPoint(fields)}),
	trickle: (fields) => ({
		kind: 'trickle',
		chunkBytes: fields.integer('chunkBytes', 1, 1_000_000) ?? trickleDefaults.chunkBytes,
		everyMs: fields.integer('everyMs', 1, 60_000) ?? trickleDefaults.everyMs,
	}),
	lostAnswer: () => ({kind: 'lostAnswer'}),
	truncated: () => ({kind: 'truncated'}),
	truncatedUnannounced: () => ({kind: 'truncatedUnannounced'}),
	wrongLength: () => ({kind: 'wrongLength'}),
	html: (fields) => ({kind: 'html', isApplied: fields.boolean('isApplied')}),
	badJson: () => ({kind: 'badJson'}),
	noResults: (fields) => ({
		kind: 'noResults',
		status: fields.integer('status', 200, 299),
		isApplied: fields.boolean('isApplied'),
	}),
	endless: () => ({kind: 'endless'}),
	redirect: (fields) => ({
		kind: 'redirect',
		location: fields.required('location', fields.string('location')),
		status: fields.oneOf('status', redirectStatuses),
		isApplied: fields.boolean('isApplied'),
	}),
	empty: () => ({kind: 'empty'}),
	gzip: () => ({kind: 'gzip'}),
};

function isKind(name: string): name is Fault['kind'] {
	return name in readers;
}

export const faultKinds = Object.keys(readers).filter(isKind);

function readBreakingPoint(fields: Fields): BreakingPoint {
	return breakingPoint({at: fields.oneOf('at', breakingPoints)});
}
