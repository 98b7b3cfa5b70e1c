import type {IncomingMessage} from 'node:http';
import type {Clock} from '../clock';
import {bytesOf} from '../documents/document';
import type {Faults} from '../faults/faults';
import type {NetworkConditions} from '../faults/network';
import type {FaxIntake} from '../faxes/new-fax';
import {jsonReply, RequestError, type Reply} from '../http/reply';
import type {RequestLog} from '../request-log';
import type {Revisions} from '../faxes/revisions';
import {decode} from '../api/route';
import {sampleNames} from '../documents/samples';
import type {Settings} from '../settings';
import type {Store} from '../faxes/store';
import type {Switches} from '../api/switches';
import {readBody, readJson} from './body';
import {describeFax, describeNamedFaults, describeRule} from './describe';
import {parseFaultRule} from './fault-input';
import {parseFaxInput, type FaxInput} from './fax-input';
import {Fields} from './fields';
import {parseNetwork} from './network-input';
import type {PageFiles} from './page-files';
import {parseSwitches, switchChoices} from './switch-input';
import {parseUpload, uploadType} from './upload';
import type {FaxList, StateView} from './views';

/** The parts that the control API controls. */
export interface Controlled {
	readonly store: Store;
	readonly intake: FaxIntake;
	readonly clock: Clock;
	readonly faults: Faults;
	readonly switches: Settings<Switches>;
	readonly network: Settings<NetworkConditions>;
	readonly log: RequestLog;
	readonly revisions: Revisions;
	readonly page: PageFiles;
	/** Restores the startup state. */
	readonly reset: () => void;
}

/** A parsed request. */
export interface ControlRequest {
	readonly message: IncomingMessage;
	/** Below `/simulator`, raw. */
	readonly path: string;
	/** Raw. */
	readonly query: string;
	/** The fax API's URL as this client reaches it. */
	readonly baseUrl: string;
}

/** @param name the path segment that matches the asterisk, decoded */
type Handler = (request: ControlRequest, name: string) => Reply | Promise<Reply>;

/**
 * The simulator's own API, JSON in and out, and its page. docs/openapi.yaml describes it in full; in short:
 *
 *     GET    /simulator/state           clock, topics, faults, network, switches
 *     POST   /simulator/faxes           {"topic": "demo", "sample": "order", "from": "+49...", "copies": 3},
 *                                       or a PDF or TIFF with these facts in the query
 *     GET    /simulator/faxes           all faxes; ?since=REVISION only those changed since then
 *     GET    /simulator/faxes/ID        one fax
 *     DELETE /simulator/faxes           removes all faxes
 *     GET    /simulator/files/NAME      the bytes of a document
 *     POST   /simulator/faults          {"fault": {"kind": "status", "status": 503}, "phase": "poll", "topic": "demo"},
 *                                       or by name: {"name": "loseNextAnswer"}
 *     GET    /simulator/faults          the rules in force
 *     DELETE /simulator/faults          removes all of them; /simulator/faults/NUMBER one
 *     POST   /simulator/network         {"latencyMs": 500}
 *     POST   /simulator/switches        {"successStatus": 201}
 *     POST   /simulator/clock           {"advanceMs": 60000}
 *     POST   /simulator/reset           {}
 *     GET    /simulator/requests        the latest requests to the fax API
 *
 * A POST must be of type application/json, application/pdf or image/tiff. Browsers do not let a page of another site
 * send these types without asking first, so no such page can control the simulator.
 */
export class ControlApi {
	readonly #parts: Controlled;
	readonly #handlers: Readonly<Record<string, Handler>>;

	constructor(parts: Controlled) {
		const {faults, switches, network, page} = parts;
		this.#parts = parts;
		this.#handlers = {
			'GET ': () => redirect('/simulator/'),
			'GET /': () => page.reply('index.html'),
			'GET /page/*': (_, name) => page.reply(name),
			'GET /state': ({baseUrl}) => jsonReply(200, this.#state(baseUrl)),
			'GET /faxes': ({query}) => jsonReply(200, this.#faxes(new URLSearchParams(query).get('since'))),
			'GET /faxes/*': (_, id) => jsonReply(200, describeFax(this.#parts.store.find(id) ?? absent('fax', id))),
			'POST /faxes': async (request) => this.#addFaxes(await readFax(request)),
			'DELETE /faxes': () => this.#removeFaxes(),
			'GET /files/*': (_, name) => this.#document(name),
			'GET /requests': ({query}) => jsonReply(200, this.#requests(new URLSearchParams(query))),
			'POST /clock': async ({message}) => this.#advanceClock(await readJson(message)),
			'GET /faults': () => this.#faults(200),
			'POST /faults': async ({message}) => {
				faults.add(parseFaultRule(await readJson(message)));
				return this.#faults(201);
			},
			'DELETE /faults': () => {
				faults.clear();
				return this.#faults(200);
			},
			'DELETE /faults/*': (_, number) =>
				faults.remove(Number(number)) ? this.#faults(200) : absent('fault rule', number),
			'GET /switches': () => this.#switches(),
			'POST /switches': async ({message}) => {
				switches.change(parseSwitches(await readJson(message)));
				return this.#switches();
			},
			'GET /network': () => jsonReply(200, {network: network.current}),
			'POST /network': async ({message}) => {
				network.change(parseNetwork(await readJson(message)));
				return jsonReply(200, {network: network.current});
			},
			'POST /reset': async ({message}) => {
				new Fields(await readJson(message), 'A reset').finish();
				this.#parts.reset();
				return jsonReply(200, {});
			},
		};
	}

	/** @throws RequestError */
	async handle(request: ControlRequest): Promise<Reply> {
		const {path} = request;
		const method = request.message.method ?? '';
		const [, collection = path, encoded] = /^(\/[a-z]+)\/([^/]+)$/.exec(path) ?? [];
		const handler = this.#handlers[`${method} ${encoded === undefined ? path : `${collection}/*`}`];
		const name = decode(encoded ?? '');
		if (handler === undefined || name === undefined) {
			throw new RequestError(404, `There is no ${method} /simulator${path}.`);
		}
		return await handler(request, name);
	}

	#state(baseUrl: string): StateView {
		const {clock, store, faults, network, switches, log} = this.#parts;
		return {
			now: new Date(clock.now()).toISOString(),
			offsetMs: clock.offsetMs,
			baseUrl,
			topics: store.topics,
			samples: sampleNames,
			faults: faults.numbered.map(describeRule),
			namedFaults: describeNamedFaults(),
			network: network.current,
			switches: {...switches.current},
			choices: switchChoices,
			requests: log.count,
		};
	}

	#faxes(since: string | null): FaxList {
		const changes = this.#parts.revisions.changes(this.#parts.store.all(), since);
		return {...changes, faxes: changes.faxes.map(describeFax)};
	}

	#addFaxes({newFax, copies}: FaxInput): Reply {
		const {store, intake} = this.#parts;
		if (newFax.topic !== undefined && !store.hasTopic(newFax.topic)) {
			throw new RequestError(400, `The simulator does not serve a topic "${newFax.topic}".`);
		}
		return jsonReply(201, {ids: Array.from({length: copies}, () => intake.add(newFax).facts.id)});
	}

	#removeFaxes(): Reply {
		this.#parts.store.clear();
		this.#parts.revisions.clear();
		return jsonReply(200, {});
	}

	/** A document for display. Only PDF and TIFF keep their type: the browser must not run an HTML document. */
	#document(name: string): Reply {
		const filed = this.#parts.store.findFile(name) ?? absent('document', name);
		if (filed.fax.state.kind === 'deleted') {
			throw new RequestError(410, 'The document was deleted seven days after receipt.');
		}
		const isShown = uploadType(filed.document.contentType) !== undefined;
		return {
			status: 200,
			headers: {
				'Content-Type': isShown ? filed.document.contentType : 'application/octet-stream',
				'Content-Disposition': isShown ? 'inline' : 'attachment',
				'X-Content-Type-Options': 'nosniff',
				'Content-Security-Policy': "frame-ancestors 'self'",
				'Cross-Origin-Resource-Policy': 'same-origin',
			},
			body: bytesOf(filed.document),
		};
	}

	#requests(query: URLSearchParams): unknown {
		const after = Number(query.get('after') ?? 0);
		const limit = Number(query.get('limit') ?? 100);
		if (!Number.isSafeInteger(after) || !Number.isSafeInteger(limit) || after < 0 || limit < 1) {
			throw new RequestError(400, 'The parameters after and limit must be whole numbers.');
		}
		const requests = this.#parts.log
			.all()
			.filter(({number, phase}) => number > after && phase !== undefined)
			.slice(-limit);
		return {requests};
	}

	#faults(status: number): Reply {
		return jsonReply(status, {faults: this.#parts.faults.numbered.map(describeRule)});
	}

	#switches(): Reply {
		return jsonReply(200, {switches: this.#parts.switches.current, choices: switchChoices});
	}

	#advanceClock(body: unknown): Reply {
		const {clock} = this.#parts;
		const fields = new Fields(body, 'A step of the clock');
		const advanceMs = fields.required('advanceMs', fields.integer('advanceMs', 0, Number.MAX_SAFE_INTEGER));
		fields.finish();
		if (clock.now() + advanceMs > latestMs) {
			throw new RequestError(400, 'A step of the clock: it must not lead past the year 9999.');
		}
		clock.advance(advanceMs);
		return jsonReply(200, {now: new Date(clock.now()).toISOString()});
	}
}

/** End of the year 9999: locks and deletions due after it still fit into a JavaScript date. */
const latestMs = Date.UTC(9999, 11, 31);

async function readFax({message, query}: ControlRequest): Promise<FaxInput> {
	const type = uploadType(message.headers['content-type'] ?? '');
	return type === undefined
		? parseFaxInput(await readJson(message))
		: parseUpload(type, await readBody(message), new URLSearchParams(query));
}

function absent(what: string, name: string): never {
	throw new RequestError(404, `There is no ${what} ${name}.`);
}

function redirect(location: string): Reply {
	return {status: 302, headers: {Location: location}, body: Buffer.alloc(0)};
}
