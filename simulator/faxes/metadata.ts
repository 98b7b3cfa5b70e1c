import type {FaxFacts} from './fax';

/** A spelling of the metadata, named after its field for the caller's number; `none` omits the metadata. */
export type FieldNames = 'CallingNumber' | 'callingNumber' | 'caller' | 'SENDER.FAXNO' | 'from' | 'none';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The parts of the manual we could read promise "metadata for the fax and the transmission" and name no field.
 * These are the spellings of the push product and the sending API, with their habits: numbers as strings, offsets
 * without a colon.
 */
const spellings: Readonly<Record<FieldNames, (facts: FaxFacts) => Fields>> = {
	CallingNumber: (facts) => ({
		CallingNumber: facts.from,
		CalledNumber: facts.to,
		RemoteCSID: facts.csid,
		PageCount: String(facts.pages),
		DateReceived: centralEuropeanTime(facts.receivedAtMs, '+0100'),
	}),
	callingNumber: (facts) => ({
		callingNumber: facts.from,
		calledNumber: facts.to,
		remoteCsid: facts.csid,
		pageCount: facts.pages,
		dateReceived: centralEuropeanTime(facts.receivedAtMs, '+01:00'),
	}),
	caller: (facts) => ({
		caller: facts.from.replace(/^\+/, '00'),
		called: facts.to.replace(/^\+/, '00'),
		csid: facts.csid,
		pages: facts.pages,
		receivedTime: new Date(facts.receivedAtMs).toISOString(),
	}),
	'SENDER.FAXNO': (facts) => ({
		'SENDER.FAXNO': facts.from,
		'SENDER.ID': facts.csid,
		to: facts.to,
		PAGES: String(facts.pages),
		'RECEIPT.DATE': centralEuropeanTime(facts.receivedAtMs, '+0100'),
	}),
	from: (facts) => ({
		from: facts.from,
		to: facts.to,
		csid: facts.csid,
		pages: facts.pages,
		receivedTs: new Date(facts.receivedAtMs).toISOString(),
	}),
	none: () => ({}),
};

export function metadataFields(facts: FaxFacts, fieldNames: FieldNames): Fields {
	return spellings[fieldNames](facts);
}

/** Formats a time like `2019-11-18T11:21:04+0100`, an hour east of Greenwich. */
function centralEuropeanTime(milliseconds: number, offset: '+0100' | '+01:00'): string {
	return new Date(milliseconds + 3_600_000).toISOString().slice(0, 19) + offset;
}
