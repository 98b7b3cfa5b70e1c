/** The records of a ledger, one for each thing that must survive. Ids, counts and times only. */
import type {ErrorCode, ErrorReason, Facts, RetarusError} from '../errors';
import {isRecord} from '../json';

/** Why a delivery failed. The sentence is made where it is shown, in the reader's language. */
export interface Failure {
	readonly code: ErrorCode;
	readonly reason: ErrorReason;
	readonly facts: Facts;
}

export const failureOf = ({code, reason, facts}: RetarusError): Failure => ({code, reason, facts});

/** What an ack node, and then the service, decided about a fax. */
export type Settlement = 'accepted' | 'confirmed' | 'refused';

/** Each record sets a state, so it may be repeated. */
export type LedgerRecord =
	/** The first one. `atMs` is when its process wrote the file. All times in a file are of one clock. */
	| {readonly type: 'ledger'; readonly version: 1; readonly topic: string; readonly atMs?: number}
	| {readonly type: 'delivered'; readonly id: string; readonly delivery: number; readonly atMs: number}
	| {
			readonly type: 'failed';
			readonly id: string;
			readonly delivery: number;
			readonly atMs: number;
			readonly failure: Failure;
			readonly givenBack: boolean;
	  }
	| {readonly type: Settlement; readonly id: string; readonly atMs: number};

/** Records are our own and carry a checksum. This guards against what a newer version wrote. */
export const parseRecord = (record: unknown): LedgerRecord | undefined => {
	if (!isRecord(record)) {
		return undefined;
	}

	const {type, topic, id, delivery, atMs, failure, givenBack} = record;
	if (type === 'ledger') {
		return typeof topic === 'string' ? {type, version: 1, topic, ...(typeof atMs === 'number' && {atMs})} : undefined;
	}

	if (typeof id !== 'string' || typeof atMs !== 'number') {
		return undefined;
	}

	switch (type) {
		case 'accepted':
		case 'confirmed':
		case 'refused':
			return {type, id, atMs};
		case 'delivered':
			return typeof delivery === 'number' ? {type, id, delivery, atMs} : undefined;
		case 'failed':
			return typeof delivery === 'number' && isFailure(failure)
				? {type, id, delivery, atMs, failure, givenBack: givenBack === true}
				: undefined;
	}

	return undefined;
};

const isFailure = (value: unknown): value is Failure =>
	isRecord(value) && typeof value.code === 'string' && typeof value.reason === 'string' && isRecord(value.facts);

/** Whether this version can write the record again without losing any of it. */
export const isUnderstood = (record: unknown): boolean => {
	const parsed = parseRecord(record);
	return parsed !== undefined && (parsed.type !== 'ledger' || (isRecord(record) && record.version === 1));
};
