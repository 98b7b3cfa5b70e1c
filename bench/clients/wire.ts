/** The requests every client has to make. */
import {createHash} from 'node:crypto';
import {Pool} from 'undici';

const headers = {authorization: `Basic ${Buffer.from('99999:secret').toString('base64')}`};

export interface Listed {
	readonly id: string;
	/** The last path segment of each document's URL. */
	readonly documents: readonly string[];
}

interface Answer {
	readonly results: readonly {readonly id: string; readonly documents: readonly {readonly url: string}[]}[];
}

/** A client as thin as undici allows. */
export class Wire {
	readonly #pool: Pool;
	readonly #basePath: string;

	constructor(baseUrl: string, connections: number) {
		const {origin, pathname} = new URL(baseUrl);
		this.#pool = new Pool(origin, {connections, keepAliveTimeout: 60_000});
		this.#basePath = pathname;
	}

	async exchange(fetch: number, ids: readonly string[]): Promise<readonly Listed[]> {
		const acknowledge = ids.length === 0 ? '' : `&ids=${ids.map((id) => encodeURIComponent(id)).join(',')}`;
		const {body} = await this.#pool.request({
			method: 'POST',
			path: `${this.#basePath}/topics/demo?fetch=${fetch}&timeout=300${acknowledge}`,
			headers: {...headers, 'content-type': 'application/json'},
			body: '{}',
		});
		const {results} = (await body.json()) as Answer;
		return results.map(({id, documents}) => ({
			id,
			documents: documents.map(({url}) => url.slice(url.lastIndexOf('/') + 1)),
		}));
	}

	/** @returns the SHA-256 of the document */
	async download(name: string): Promise<string> {
		const {body} = await this.#pool.request({method: 'GET', path: `${this.#basePath}/files/${name}`, headers});
		const content = Buffer.from(await body.arrayBuffer());
		return createHash('sha256').update(content).digest('hex');
	}
}
