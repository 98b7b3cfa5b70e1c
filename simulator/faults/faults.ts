/** When a connection breaks. Before the answer the request was not carried out; later it was. */
export type BreakingPoint = 'beforeAnswer' | 'afterHeaders' | 'midBody';

export type RedirectStatus = 301 | 302 | 303 | 307 | 308;

/**
 * What can go wrong with a request. Unless it says otherwise the request is carried out and only its answer suffers,
 * which a client cannot tell from a request that never arrived.
 */
export type Fault =
	/** Another status; not carried out unless `isApplied`. `retryAfter` goes into that header: seconds or a date. */
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly retryAfter?: string | undefined;
			readonly body?: string | undefined;
			readonly isApplied?: boolean | undefined;
	  }
	/** The connection is reset (RST). */
	| {readonly kind: 'reset'; readonly at: BreakingPoint}
	/** The connection is closed (FIN) in the middle of a chunked body. */
	| {readonly kind: 'fin'}
	/** Nothing more comes, and the connection stays open. */
	| {readonly kind: 'hang'; readonly at: BreakingPoint}
	/** The answer comes in drops, complete in the end. */
	| {readonly kind: 'trickle'; readonly chunkBytes: number; readonly everyMs: number}
	/** The connection is closed without a word. */
	| {readonly kind: 'lostAnswer'}
	/** Half the body that `Content-Length` announces, then the connection is closed. */
	| {readonly kind: 'truncated'}
	/** Half the body, its length not announced, then the connection is closed: nothing but the body tells that it is cut. */
	| {readonly kind: 'truncatedUnannounced'}
	/** `Content-Length` announces half of the body that follows. */
	| {readonly kind: 'wrongLength'}
	/** The login page of somebody's proxy, status 200; not carried out. */
	| {readonly kind: 'html'}
	/** Text that begins like JSON. */
	| {readonly kind: 'badJson'}
	/** A body without an end. */
	| {readonly kind: 'endless'}
	/** Sent elsewhere; not carried out. */
	| {readonly kind: 'redirect'; readonly location: string; readonly status?: RedirectStatus | undefined}
	/** Status 200 without a body. */
	| {readonly kind: 'empty'}
	/** The body compressed, whether the client said it could read that or not. */
	| {readonly kind: 'gzip'};

/** What a request is for: `acknowledge` is `fetch=0`, `pollWithAcknowledge` has `ids` and a `fetch` above 0. */
export type Phase = 'poll' | 'pollWithAcknowledge' | 'acknowledge' | 'document';

/** Which requests a fault strikes. */
export interface FaultRule {
	readonly fault: Fault;
	/** @default 'any' */
	readonly phase?: Phase | 'any' | undefined;
	/** Strikes so often, then no more; without it until it is removed. */
	readonly times?: number | undefined;
	/** Only requests that acknowledge this fax or download a document of it. */
	readonly faxId?: string | undefined;
	/** Only downloads of this document, by the last part of its address. */
	readonly fileName?: string | undefined;
}

/** What a rule is held against. */
export interface FaultTarget {
	readonly phase: Phase;
	readonly faxIds: readonly string[];
	readonly fileName: string | undefined;
}

/** A rule in force, by the number under which it can be removed. */
export interface NumberedRule {
	readonly number: number;
	readonly rule: FaultRule;
	/** Strikes to come; infinite without `times`. */
	readonly left: number;
}

/** The faults in force. The first rule that fits a request strikes it. */
export class Faults {
	#rules: {readonly number: number; readonly rule: FaultRule; left: number}[] = [];
	#added = 0;

	/** @returns a function that removes this rule */
	add(rule: FaultRule): () => void {
		this.#added += 1;
		const number = this.#added;
		this.#rules.push({number, rule, left: rule.times ?? Infinity});
		return () => {
			this.remove(number);
		};
	}

	/** @returns whether there was such a rule */
	remove(number: number): boolean {
		const kept = this.#rules.filter((rule) => rule.number !== number);
		const isFound = kept.length < this.#rules.length;
		this.#rules = kept;
		return isFound;
	}

	clear(): void {
		this.#rules = [];
	}

	/** The rules that have strikes left. */
	get rules(): readonly FaultRule[] {
		return this.#rules.map(({rule}) => rule);
	}

	/** The same, with what is left of them. */
	get numbered(): readonly NumberedRule[] {
		return this.#rules.map((rule) => ({...rule}));
	}

	/** The fault for this request, if any; counts as a strike. */
	take(target: FaultTarget): Fault | undefined {
		const found = this.#rules.find(({rule}) => fits(rule, target));
		if (found === undefined) {
			return undefined;
		}
		found.left -= 1;
		this.#rules = this.#rules.filter(({left}) => left > 0);
		return found.rule.fault;
	}
}

function fits(rule: FaultRule, target: FaultTarget): boolean {
	const phase = rule.phase ?? 'any';
	return (
		(phase === 'any' || phase === target.phase) &&
		(rule.faxId === undefined || target.faxIds.includes(rule.faxId)) &&
		(rule.fileName === undefined || rule.fileName === target.fileName)
	);
}

/** Whether a request struck by this fault is carried out. */
export function isApplied(fault: Fault): boolean {
	switch (fault.kind) {
		case 'status':
			return fault.isApplied ?? false;
		case 'html':
		case 'redirect':
			return false;
		case 'reset':
		case 'hang':
			return fault.at !== 'beforeAnswer';
		default:
			return true;
	}
}
