import type {FieldNames} from '../faxes/metadata';

/**
 * What the service does where nobody outside knows. A client has to bear every setting;
 * the defaults are the mildest that agree with the manual and with the vendor's own client.
 */
export interface Switches {
	/**
	 * The metadata of an entry, in one of the spellings of Retarus's other products; `none` leaves them out.
	 * @default 'CallingNumber'
	 */
	readonly fieldNames: FieldNames;
	/**
	 * What a request with both jobs does first. With `listFirst` a fax whose lock has lapsed is listed by the very request that acknowledges it.
	 * @default 'acknowledgeFirst'
	 */
	readonly order: 'acknowledgeFirst' | 'listFirst';
	/** Status of a successful poll or acknowledge; the vendor's client takes both. @default 200 */
	readonly successStatus: 200 | 201;
	/** An id that was never given out. @default 'ignore' */
	readonly unknownId: 'ignore' | 'refuse';
	/** An id that is acknowledged already. @default 'ignore' */
	readonly acknowledgedId: 'ignore' | 'refuse';
	/** The id of a fax that was deleted after seven days. @default 'ignore' */
	readonly deletedId: 'ignore' | 'refuse';
	/** The id of a fax of another topic. @default 'ignore' */
	readonly foreignId: 'ignore' | 'refuse' | 'acknowledge';
	/** An id whose fax is not locked: its lock has lapsed, or it was never listed. @default 'acknowledge' */
	readonly unlockedId: 'ignore' | 'refuse' | 'acknowledge';
	/** Status of a request with an id that is refused; nothing of such a request is carried out. @default 400 */
	readonly refusalStatus: 400 | 404 | 409;
	/** A document past its seven days. @default 404 */
	readonly deletedDocumentStatus: 404 | 410;
	/** A topic, or a document of one, that these credentials may not see. @default 403 */
	readonly forbiddenTopicStatus: 403 | 404;
	/** @default 1000 */
	readonly maximumFetch: number;
	/** Seconds. @default 86400 */
	readonly maximumTimeoutSeconds: number;
	/** What happens to a larger `fetch` or `timeout`: the maximum counts, or status 400. @default 'clamp' */
	readonly aboveMaximum: 'clamp' | 'refuse';
	/** Characters of path and query; a longer one is answered 414. The default is what common web servers bear. @default 8192 */
	readonly maximumUrlLength: number;
	/** Whether `%2C` in `ids` separates ids as a comma does, or belongs to an id. @default true */
	readonly encodedCommaSeparates: boolean;
	/** Requests in a minute; more are answered 429. 0 is no limit. @default 0 */
	readonly requestsPerMinute: number;
	/** What a 429 says in its header `Retry-After`. @default 'seconds' */
	readonly retryAfter: 'seconds' | 'date' | 'none';
	/** The body of an answer that refuses. @default 'json' */
	readonly errorBody: 'json' | 'text' | 'html' | 'empty';
	/** The two addresses in `meta`: `next` and `exit`, `nextUrl` and `exitUrl`, or none. @default 'next' */
	readonly metaNames: 'next' | 'nextUrl' | 'none';
	/** Whether answers are compressed for a client that accepts it. @default 'never' */
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
