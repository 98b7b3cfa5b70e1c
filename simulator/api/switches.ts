import type {FieldNames} from '../faxes/metadata';

/**
 * The service's behaviour where its documentation is silent. A client must cope with every setting.
 * The defaults are the most lenient ones that agree with the manual and the vendor's client.
 */
export interface Switches {
	/**
	 * Spelling of an entry's metadata, borrowed from Retarus's other products; `none` omits the metadata.
	 * @default 'CallingNumber'
	 */
	readonly fieldNames: FieldNames;
	/**
	 * Order of a request that both acknowledges and fetches. With `listFirst`, the request that acknowledges a fax also
	 * lists it if its lock has lapsed.
	 * @default 'acknowledgeFirst'
	 */
	readonly order: 'acknowledgeFirst' | 'listFirst';
	/** Status of a successful exchange; the vendor's client accepts both. @default 200 */
	readonly successStatus: 200 | 201;
	/** Acknowledging an id that was never listed. @default 'ignore' */
	readonly unknownId: 'ignore' | 'refuse';
	/** Acknowledging an id that is already acknowledged. @default 'ignore' */
	readonly acknowledgedId: 'ignore' | 'refuse';
	/** Acknowledging a fax that was deleted after seven days. @default 'ignore' */
	readonly deletedId: 'ignore' | 'refuse';
	/** Acknowledging a fax of another topic. @default 'ignore' */
	readonly foreignId: 'ignore' | 'refuse' | 'acknowledge';
	/** Acknowledging a fax that is not locked: its lock has lapsed, or it was never listed. @default 'acknowledge' */
	readonly unlockedId: 'ignore' | 'refuse' | 'acknowledge';
	/** Status of a request that names a refused id. Such a request has no effect at all. @default 400 */
	readonly refusalStatus: 400 | 404 | 409;
	/** Status of a document deleted after seven days. @default 404 */
	readonly deletedDocumentStatus: 404 | 410;
	/** Status of a topic, or one of its documents, that is closed to the credentials. @default 403 */
	readonly forbiddenTopicStatus: 403 | 404;
	/** Largest `fetch`. @default 1000 */
	readonly maximumFetch: number;
	/** Largest `timeout`, in seconds. @default 86400 */
	readonly maximumTimeoutSeconds: number;
	/** Reduces a larger `fetch` or `timeout` to the maximum, or refuses it with status 400. @default 'clamp' */
	readonly aboveMaximum: 'clamp' | 'refuse';
	/** Longest path and query, in characters; a longer URL gets 414. Common web servers allow 8192. @default 8192 */
	readonly maximumUrlLength: number;
	/** Whether `%2C` in `ids` separates ids like a comma, or belongs to an id. @default true */
	readonly encodedCommaSeparates: boolean;
	/** Requests allowed per minute; further ones get 429. 0 means no limit. @default 0 */
	readonly requestsPerMinute: number;
	/** Format of the `Retry-After` header of a 429. @default 'seconds' */
	readonly retryAfter: 'seconds' | 'date' | 'none';
	/** Format of error bodies. @default 'json' */
	readonly errorBody: 'json' | 'text' | 'html' | 'empty';
	/** Names of the two URLs in `meta`: `next` and `exit`, `nextUrl` and `exitUrl`, or neither. @default 'next' */
	readonly metaNames: 'next' | 'nextUrl' | 'none';
	/** Whether to compress answers for clients that accept it. @default 'never' */
	readonly compression: 'never' | 'whenAccepted';
}

export const defaultSwitches: Switches = {
	fieldNames: 'CallingNumber',
	order: 'acknowledgeFirst',
	successStatus: 200,
	unknownId: 'ignore',
	acknowledgedId: 'ignore',
	deletedId: 'ignore',
	foreignId: 'ignore',
	unlockedId: 'acknowledge',
	refusalStatus: 400,
	deletedDocumentStatus: 404,
	forbiddenTopicStatus: 403,
	maximumFetch: 1000,
	maximumTimeoutSeconds: 86_400,
	aboveMaximum: 'clamp',
	maximumUrlLength: 8192,
	encodedCommaSeparates: true,
	requestsPerMinute: 0,
	retryAfter: 'seconds',
	errorBody: 'json',
	metaNames: 'next',
	compression: 'never',
};
