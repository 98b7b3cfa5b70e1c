import {JournalReader} from '../../lib/ledger/journal-lines';

/** The whole records of a journal. */
export const recordsOf = (content: Buffer | string): unknown[] => {
	const records: unknown[] = [];
	new JournalReader((record) => records.push(record)).take(Buffer.from(content));
	return records;
};
