/** When a connection breaks. Before the answer, the request is not carried out; later, it is. */
export type BreakingPoint = 'beforeAnswer' | 'afterHeaders' | 'midBody';

export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

/**
 * The failure of a request. Unless noted otherwise, the request is carried out and only its answer suffers, which a
 * client cannot tell from a request that never arrived.
 */
export type Fault =
	/** Another status. Not carried out unless `isApplied`. */
	| {
			readonly kind: 'status';
			readonly status: number;
			/** Value of the `Retry-After` header: seconds or a date. @default no such header */
			readonly retryAfter?: string | undefined;
			/** @default an empty body */
			readonly body?: string | undefined;
			/** @default false */
			readonly isApplied?: boolean | undefined;
	  }
	/** Resets the connection (RST). */
	| {
			readonly kind: 'reset';
			/** @default 'beforeAnswer' */
			readonly at?: BreakingPoint | undefined;
	  }
	/** Closes the connection (FIN) halfway through a chunked body. */
	| {readonly kind: 'fin'}
	/** Sends nothing more and leaves the connection open. */
	| {
			readonly kind: 'hang';
			/** @default 'beforeAnswer' */
			readonly at?: BreakingPoint | undefined;
	  }
	/** Sends the whole body, but slowly. */
	| {
			readonly kind: 'trickle';
			/** @default 1 */
			readonly chunkBytes?: number | undefined;
			/** @default 100 */
			readonly everyMs?: number | undefined;
	  }
	/** Closes the connection without an answer. */
	| {readonly kind: 'lostAnswer'}
	/** Closes the connection after half of the announced `Content-Length`. */
	| {readonly kind: 'truncated'}
	/** Closes the connection after half of a body of unannounced length. Only the content gives the cut away. */
	| {readonly kind: 'truncatedUnannounced'}
	/** Announces half of the body's length in `Content-Length`, then sends all of it. */
	| {readonly kind: 'wrongLength'}
	/** A proxy's block page or login page: HTML with status 200. Not carried out unless `isApplied`. */
	| {
			readonly kind: 'html';
			/** @default false */
			readonly isApplied?: boolean | undefined;
	  }
	/** JSON that is cut off. */
	| {readonly kind: 'badJson'}
	/** A 2xx answer whose JSON has no list of results. Carried out unless `isApplied` is false. */
	| {
			readonly kind: 'noResults';
			/** From 200 to 299; 204 and 205 have no body at all. @default 200 */
			readonly status?: number | undefined;
			/** @default true */
			readonly isApplied?: boolean | undefined;
	  }
	/** A body that never ends. */
	| {readonly kind: 'endless'}
	/** A redirect. Not carried out unless `isApplied`. */
	| {
			readonly kind: 'redirect';
			readonly location: string;
			/** @default 302 */
			readonly status?: RedirectStatus | undefined;
			/** @default false */
			readonly isApplied?: boolean | undefined;
	  }
	/** The usual status with an empty body. */
	| {readonly kind: 'empty'}
	/** A gzip body, even if the client does not accept one. */
	| {readonly kind: 'gzip'};

/** Whether a request hit by this fault is carried out. */
export function isApplied(fault: Fault): boolean {
	switch (fault.kind) {
		case 'status':
		case 'html':
		case 'redirect':
			return fault.isApplied ?? false;
		case 'noResults':
			return fault.isApplied ?? true;
		case 'reset':
		case 'hang':
			return breakingPoint(fault) !== 'beforeAnswer';
		default:
			return true;
	}
}

export const trickleDefaults = {chunkBytes: 1, everyMs: 100} as const;

export function breakingPoint({at}: {readonly at?: BreakingPoint | undefined}): BreakingPoint {
	return at ?? 'beforeAnswer';
}
