/**
 * The documented service: locks that expire, acknowledgements, documents. A simulation overrides the habits it wants
 * to vary.
 */
import type {Exchange} from '../../lib/retarus/wire';

export interface StoredFax {
	readonly id: string;
	/** Absent: the fax is listed under every topic. */
	readonly topic?: string;
	/** By name, in the service's order. */
	readonly documents: ReadonlyMap<string, Buffer>;
	lockedUntilMs: number;
	isAcknowledged: boolean;
}

export interface ServiceReply {
	readonly status: number;
	readonly body: Buffer;
	/** Ids of the faxes in the answer. */
	readonly listed: readonly string[];
}

export const empty = Buffer.alloc(0);
const meta = '{"next":"https://elsewhere/next","exit":"https://elsewhere/exit"}';
const noFaxes = Buffer.from(`{"meta":${meta},"results":[]}`);

/** The entry of an answer. No URL in it leads anywhere. */
const entryOf = ({id, documents}: StoredFax): string =>
	JSON.stringify({
		id,
		documents: [...documents.keys()].map((name) => ({url: `https://elsewhere/files/${encodeURIComponent(name)}`})),
	});

const lastSegment = (path: string): string => decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));

/** What a request asks for: an exchange, or the document of that name. */
export const parseRequest = (method: string, path: string): Exchange | string => {
	const [address = '', query = ''] = path.split('?');
	if (method === 'GET') {
		return lastSegment(address);
	}

	const values = new Map(
		query.split('&').map((pair) => {
			const [name = '', value = ''] = pair.split('=');
			return [name, value];
		}),
	);
	return {
		topic: lastSegment(address),
		fetch: Number(values.get('fetch')),
		lockTimeoutMs: 1000 * Number(values.get('timeout')),
		ids: (values.get('ids') ?? '')
			.split(',')
			.filter((id) => id !== '')
			.map((id) => decodeURIComponent(id)),
	};
};

export class Retarus<Fax extends StoredFax = StoredFax> {
	readonly faxes = new Map<string, Fax>();
	readonly #documents = new Map<string, Fax>();
	readonly #entries = new Map<string, string>();
	readonly #nowMs: () => number;

	/** @param nowMs the service's own clock */
	constructor(nowMs: () => number) {
		this.#nowMs = nowMs;
	}

	receive(fax: Fax): void {
		this.faxes.set(fax.id, fax);
		this.#entries.set(fax.id, entryOf(fax));
		for (const name of fax.documents.keys()) {
			this.#documents.set(name, fax);
		}
	}

	exchange({topic, fetch, lockTimeoutMs, ids}: Exchange): ServiceReply {
		if (ids.some((id) => this.refuses(id))) {
			return {status: 400, body: empty, listed: []};
		}

		if (!this.listsFirst) {
			this.#acknowledge(ids);
		}

		const listed = fetch > 0 ? this.#list(topic, fetch, lockTimeoutMs) : [];
		if (this.listsFirst) {
			this.#acknowledge(ids);
		}

		return {status: 200, body: this.#answer(listed), listed: listed.map(({id}) => id)};
	}

	document(name: string): ServiceReply {
		const fax = this.#documents.get(name);
		const body = fax && this.hasDocuments(fax) ? fax.documents.get(name) : undefined;
		return body ? {status: 200, body, listed: []} : {status: this.missingStatus, body: empty, listed: []};
	}

	/** Whether it lists before it acknowledges, so that an exchange may list what it acknowledges. */
	protected get listsFirst(): boolean {
		return false;
	}

	/** Status of a request for a document that is not there. */
	protected get missingStatus(): number {
		return 404;
	}

	/** Whether it refuses every request that carries this id. */
	refuses(_id: string): boolean {
		return false;
	}

	/** Up to how many faxes it lists. */
	protected most(fetch: number): number {
		return fetch;
	}

	protected lockMs(lockTimeoutMs: number): number {
		return lockTimeoutMs;
	}

	/** Whether it still lists this fax when nobody has locked it. */
	protected keeps(_fax: Fax): boolean {
		return true;
	}

	protected hasDocuments(_fax: Fax): boolean {
		return true;
	}

	/** Whether acknowledging the fax takes effect. */
	protected takes(_fax: Fax): boolean {
		return true;
	}

	/** The entries it sends for those of the faxes it has listed. */
	protected entries(entries: readonly string[]): readonly string[] {
		return entries;
	}

	#acknowledge(ids: readonly string[]): void {
		for (const id of ids) {
			const fax = this.faxes.get(id);
			if (fax && !fax.isAcknowledged && this.takes(fax)) {
				fax.isAcknowledged = true;
			}
		}
	}

	#list(topic: string, fetch: number, lockTimeoutMs: number): readonly Fax[] {
		const nowMs = this.#nowMs();
		const most = this.most(fetch);
		const listed: Fax[] = [];
		for (const fax of this.faxes.values()) {
			const isHere = fax.topic === undefined || fax.topic === topic;
			if (listed.length < most && isHere && !fax.isAcknowledged && fax.lockedUntilMs <= nowMs && this.keeps(fax)) {
				fax.lockedUntilMs = nowMs + this.lockMs(lockTimeoutMs);
				listed.push(fax);
			}
		}

		return listed;
	}

	#answer(listed: readonly Fax[]): Buffer {
		const entries = listed.length === 0 ? [] : this.entries(listed.map(({id}) => this.#entries.get(id) ?? ''));
		return entries.length === 0 ? noFaxes : Buffer.from(`{"meta":${meta},"results":[${entries.join(',')}]}`);
	}
}
