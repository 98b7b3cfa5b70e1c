/** The words of the table: what is broken, when it strikes, and what must come of it. */
import type {ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import type {ErrorCode} from '../../../lib/errors';
import type {CertificateName} from './certificates';

/** What a request is for. `acknowledge` fetches nothing. */
export const requestPhases = ['poll', 'pollWithAcknowledge', 'acknowledge', 'document'] as const;
export type Phase = (typeof requestPhases)[number];

export interface Reply {
	readonly status: number;
	readonly body: Buffer;
}

/** A request that is struck, and how to answer it. */
export interface Strike {
	/** What a service in order answers. */
	readonly reply: Reply;
	readonly response: ServerResponse;
	readonly socket: Socket;
	/** Nothing more comes: the client has to end it. */
	readonly hold: () => void;
	/** Goes on later, by the clock of the test. */
	readonly after: (delayMs: number, callback: () => void) => void;
}

export type Fault =
	/** Looking up the name of the service fails with this code of the system. */
	| {readonly at: 'name'; readonly code: string}
	/** The name leads to an address where nobody listens, or where somebody listens and never comes to accept. */
	| {readonly at: 'address'; readonly isListening: boolean}
	/** A connection, before anything of it was read. `isSilent`: nothing ever comes of it. */
	| {readonly at: 'connection'; readonly isSilent: boolean; readonly take: (socket: Socket) => void}
	/** The TLS of the service. */
	| {readonly at: 'tls'; readonly speaks: CertificateName | 'noTls' | 'oldTls' | 'clientCertificate'}
	/** One request. `isApplied`: the service did what it asked for, before the answer suffers. */
	| {
			readonly at: 'answer';
			readonly isApplied: boolean;
			/** Which requests: those of the phase, or all that acknowledge the fax. */
			readonly strikes: 'phase' | 'id';
			/** Strikes so often; else as long as it lasts. */
			readonly times: number;
			readonly answer: (strike: Strike) => void;
	  };

/** What the user is told: an error, or a line in the log. */
export type Told = ErrorCode | 'contentMismatch';

/**
 * What must come of a fault that lasts for some minutes. That nothing is lost and nothing acknowledged early is not
 * said here: it always holds.
 */
export interface Outcome {
	/** In the order in which it is told first. */
	readonly told: readonly Told[];
	/** Who waits, and how long after the first failure. */
	readonly gate: 'nobody' | 'topic' | 'account';
	readonly waitMs: number;
	/** What the phase is for, the delivery or the confirmation, comes about while the fault lasts. */
	readonly isMet: boolean;
	/** Number of the delivery by which the flow gets the fax. */
	readonly delivery: number;
	/** Another fax is delivered and acknowledged while the fault lasts. Not looked at when absent. */
	readonly othersGoOn?: boolean;
}

/** A line of the table. */
export interface Row {
	readonly kind: string;
	readonly fault: Fault;
	readonly outcomes: Readonly<Partial<Record<Phase, Outcome>>>;
	/** The service is reached by https. */
	readonly isSecure?: boolean;
	/** Documents of the fax, by name; a PDF when absent. */
	readonly documents?: Readonly<Record<string, Buffer>>;
}

/** A field of the table. */
export interface Cell extends Omit<Row, 'outcomes'> {
	readonly phase: Phase;
	readonly outcome: Outcome;
}
