import type {Fault, FaultRule} from '../faults/faults';
import {Fields} from './fields';
import {faultNames, namedRule} from './named-faults';

const phases = ['poll', 'pollWithAcknowledge', 'acknowledge', 'document', 'any'] as const;
const redirectStatuses = [301, 302, 303, 307, 308] as const;

/** Reads `{"fault": {"kind": "status", "status": 503}, "phase": "poll", "times": 2}`, or a name: `{"name": "truncateDocument", "faxId": "..."}`. */
export function parseFaultRule(body: unknown): FaultRule {
	const fields = new Fields(body, 'A fault rule');
	const name = fields.oneOf('name', faultNames);
	if (name !== undefined) {
		const rule = namedRule(name, fields.string('faxId'));
		fields.finish();
		return rule;
	}
	const rule = {
		fault: parseFault(fields.any('fault')),
		phase: fields.oneOf('phase', phases),
		times: fields.integer('times', 1, 1_000_000),
		faxId: fields.string('faxId'),
		fileName: fields.string('fileName'),
	};
	fields.finish();
	return rule;
}

function parseFault(value: unknown): Fault {
	const fields = new Fields(value, 'A fault');
	const kind = fields.required('kind', fields.oneOf('kind', kinds));
	const fault = readers[kind](fields);
	fields.finish();
	return fault;
}

/** One reader for each kind, so that a new fault cannot be forgotten here. */
const readers: {readonly [Kind in Fault['kind']]: (fields: Fields) => Extract<Fault, {kind: Kind}>} = {
	status: (fields) => ({
		kind: 'status',
		status: fields.required('status', fields.integer('status', 200, 599)),
		retryAfter: fields.string('retryAfter'),
		body: fields.string('body'),
		isApplied: fields.boolean('isApplied'),
	}),
	reset: (fields) => ({kind: 'reset', at: breakingPoint(fields)}),
	fin: () => ({kind: 'fin'}),
	hang: (fields) => ({kind: 'hang', at: breakingPoint(fields)}),
	trickle: (fields) => ({
		kind: 'trickle',
		chunkBytes: fields.integer('chunkBytes', 1, 1_000_000) ?? 1,
		everyMs: fields.integer('everyMs', 1, 60_000) ?? 100,
	}),
	lostAnswer: () => ({kind: 'lostAnswer'}),
	truncated: () => ({kind: 'truncated'}),
	truncatedUnannounced: () => ({kind: 'truncatedUnannounced'}),
	wrongLength: () => ({kind: 'wrongLength'}),
	html: () => ({kind: 'html'}),
	badJson: () => ({kind: 'badJson'}),
	endless: () => ({kind: 'endless'}),
	redirect: (fields) => ({
		kind: 'redirect',
		location: fields.required('location', fields.string('location')),
		status: fields.oneOf('status', redirectStatuses),
	}),
	empty: () => ({kind: 'empty'}),
	gzip: () => ({kind: 'gzip'}),
};

function isKind(name: string): name is Fault['kind'] {
	return name in readers;
}

const kinds = Object.keys(readers).filter(isKind);

function breakingPoint(fields: Fields): 'beforeAnswer' | 'afterHeaders' | 'midBody' {
	return fields.oneOf('at', ['beforeAnswer', 'afterHeaders', 'midBody'] as const) ?? 'beforeAnswer';
}
