import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {RequestError, type Reply} from '../http/reply';

const contentTypes = {
	'index.html': 'text/html; charset=UTF-8',
	'page.css': 'text/css; charset=UTF-8',
	'page.js': 'text/javascript; charset=UTF-8',
	'tiff.js': 'text/javascript; charset=UTF-8',
	'icon.svg': 'image/svg+xml',
} as const;

/** Lets the page load only the simulator's own files, and keeps other sites from framing it. */
const policy = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' blob:",
	"connect-src 'self'",
	"frame-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

/** The page's files, as the build writes them to `page/`. Each is read from disk once. */
export class PageFiles {
	readonly #folder: string;
	readonly #replies = new Map<string, Reply>();

	constructor(folder = join(__dirname, '..', 'page')) {
		this.#folder = folder;
	}

	/** @throws RequestError 404 */
	reply(name: string): Reply {
		const known = this.#replies.get(name);
		if (known !== undefined) {
			return known;
		}
		const file = Object.entries(contentTypes).find(([file]) => file === name);
		if (file === undefined) {
			throw new RequestError(404, `The page has no file ${name}.`);
		}
		const reply = {
			status: 200,
			headers: {
				'Content-Type': file[1],
				'Content-Security-Policy': policy,
				'X-Content-Type-Options': 'nosniff',
				'Referrer-Policy': 'no-referrer',
				'Cache-Control': 'no-cache',
			},
			body: this.#read(name),
		};
		this.#replies.set(name, reply);
		return reply;
	}

	#read(name: string): Buffer {
		try {
			return readFileSync(join(this.#folder, name));
		} catch {
			throw new RequestError(404, 'The page is not built: run npm run build.');
		}
	}
}
