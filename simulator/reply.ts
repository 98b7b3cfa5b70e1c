/** An HTTP answer before it is sent, or spoiled. */
export interface Reply {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
	/** Called when the whole answer goes out, not when a fault cuts it short. */
	readonly sent?: () => void;
}

export function jsonReply(status: number, value: unknown): Reply {
	return {status, headers: {'Content-Type': 'application/json; charset=UTF-8'}, body: Buffer.from(JSON.stringify(value))};
}

/** A request that cannot be met, and what is said about it. The form of the service's own error bodies is not known. */
export class RequestError extends Error {
	override readonly name = 'RequestError';
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;

	constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
		super(message);
		this.status = status;
		this.headers = headers;
	}

	toReply(): Reply {
		const reply = jsonReply(this.status, {status: this.status, message: this.message});
		return {...reply, headers: {...reply.headers, ...this.headers}};
	}
}
