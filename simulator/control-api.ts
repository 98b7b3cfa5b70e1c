import type {Clock} from './clock';
import type {Fax} from './fax';
import {parseFaultRule} from './fault-input';
import {parseFaxInput} from './fax-input';
import type {Faults} from './faults';
import {Fields} from './fields';
import type {FaxIntake} from './new-fax';
import {jsonReply, RequestError, type Reply} from './reply';
import {controlPath} from './route';
import type {Store} from './store';

/**
 * The simulator's own API, JSON in and out:
 *
 *     POST   /simulator/faxes    {"topic": "demo", "sample": "order" | "letter" | "prescription" | "notes",
 *                                 "documents": [{"extension": "pdf", "contentBase64": "JVBERi0..."}],       in place of the sample
 *                                 "from": "+49...", "to": "+49...", "csid": "...", "pages": 1, "copies": 1}   every field is optional
 *                                 -> 201 {"ids": ["K34A3QX3@J78AO6W.simulator101.QA1"]}
 *     GET    /simulator/faxes    -> 200 {"faxes": [{"id", "topic", "from", ..., "state", "events"}]}
 *     POST   /simulator/clock    {"advanceMs": 60000}                                  -> 200 {"now": "2026-01-01T00:01:00.000Z"}
 *     POST   /simulator/faults   {"fault": {"kind": "status", "status": 503}, "phase": "poll", "times": 2, "faxId", "fileName"}  -> 201 {"faults": [...]}
 *     DELETE /simulator/faults   -> 200 {"faults": []}
 *
 * A POST needs `Content-Type: application/json`: no web page of somebody else's can send that here.
 */
export class ControlApi {
	readonly #store: Store;
	readonly #intake: FaxIntake;
	readonly #clock: Clock;
	readonly #faults: Faults;

	constructor(store: Store, intake: FaxIntake, clock: Clock, faults: Faults) {
		this.#store = store;
		this.#intake = intake;
		this.#clock = clock;
		this.#faults = faults;
	}

	/** @throws RequestError */
	handle(method: string, path: string, body: unknown): Reply {
		switch (`${method} ${path.slice(controlPath.length)}`) {
			case 'POST /faxes':
				return this.#addFaxes(body);
			case 'GET /faxes':
				return jsonReply(200, {faxes: this.#store.all().map(describe)});
			case 'POST /clock':
				return this.#advanceClock(body);
			case 'POST /faults':
				this.#faults.add(parseFaultRule(body));
				return jsonReply(201, {faults: this.#faults.rules});
			case 'DELETE /faults':
				this.#faults.clear();
				return jsonReply(200, {faults: this.#faults.rules});
			default:
				throw new RequestError(404, `There is no ${method} ${path}.`);
		}
	}

	#addFaxes(body: unknown): Reply {
		const {newFax, copies} = parseFaxInput(body);
		if (newFax.topic !== undefined && !this.#store.hasTopic(newFax.topic)) {
			throw new RequestError(400, `There is no topic "${newFax.topic}" here.`);
		}
		return jsonReply(201, {ids: Array.from({length: copies}, () => this.#intake.add(newFax).facts.id)});
	}

	#advanceClock(body: unknown): Reply {
		const fields = new Fields(body, 'A step of the clock');
		const advanceMs = fields.required('advanceMs', fields.integer('advanceMs', 0, Number.MAX_SAFE_INTEGER));
		fields.finish();
		if (this.#clock.now() + advanceMs > latestMs) {
			throw new RequestError(400, 'A step of the clock: there is no date so late.');
		}
		this.#clock.advance(advanceMs);
		return jsonReply(200, {now: new Date(this.#clock.now()).toISOString()});
	}
}

/** The end of the year 9999, with more than a lock and seven days to spare below the end of dates. */
const latestMs = Date.UTC(9999, 11, 31);

function describe(fax: Fax): unknown {
	const {receivedAtMs, ...facts} = fax.facts;
	return {
		...facts,
		receivedAt: new Date(receivedAtMs).toISOString(),
		deleteAfter: new Date(fax.deleteAtMs).toISOString(),
		documents: fax.documents.map(({name, contentType}) => ({name, contentType})),
		state: fax.state,
		events: fax.events,
	};
}
