import {buildAnswer} from './answer';
import type {Clock} from '../clock';
import type {Credentials} from './credentials';
import {bytesOf} from '../documents/document';
import type {ExchangeQuery} from './exchange-query';
import type {Fax} from '../faxes/fax';
import type {SimulatorTopic} from './options';
import type {Replay} from '../recording/replay';
import {jsonReply, RequestError, type Reply} from '../http/reply';
import type {Store} from '../faxes/store';
import type {Switches} from './switches';

/**
 * The service's two operations, exchange and download. Callers authenticate first; this class only authorizes.
 * An exchange is all or nothing: every id is checked before any fax changes state. Acknowledging some ids and then
 * refusing the request would leave a client unable to tell which of them counted.
 */
export class FaxinApi {
	readonly #store: Store;
	readonly #clock: Clock;
	readonly #topics: readonly SimulatorTopic[];
	readonly #switches: Switches;
	readonly #replay: Replay | undefined;

	constructor(store: Store, clock: Clock, topics: readonly SimulatorTopic[], switches: Switches, replay?: Replay) {
		this.#store = store;
		this.#clock = clock;
		this.#topics = topics;
		this.#switches = switches;
		this.#replay = replay;
	}

	/**
	 * Acknowledges and lists faxes in one step, or does neither.
	 * @param baseUrl the URL by which the client reached the simulator; URLs in the answer start with it
	 * @param request number of the request, for the events of the faxes
	 */
	exchange(credentials: Credentials, topic: string, query: ExchangeQuery, baseUrl: string, request: number): Reply {
		if (!this.#store.hasTopic(topic)) {
			throw new RequestError(404, 'There is no such topic.');
		}
		this.#authorize(credentials, topic);
		const acknowledged = this.#acknowledgeable(topic, query.ids);
		const acknowledge = (): void => {
			for (const fax of acknowledged) {
				this.#store.acknowledge(fax, request);
			}
		};
		const list = (): Fax[] => this.#store.list(topic, query.fetch, query.timeoutSeconds * 1000, request);
		let listed: Fax[];
		if (this.#switches.order === 'acknowledgeFirst') {
			acknowledge();
			listed = list();
		} else {
			listed = list();
			acknowledge();
		}
		const form = {...this.#switches, replay: this.#replay};
		return jsonReply(
			this.#replay?.status ?? this.#switches.successStatus,
			buildAnswer(baseUrl, topic, query, listed, form),
		);
	}

	download(credentials: Credentials, name: string, request: number): Reply {
		const filed = this.#store.findFile(name);
		if (filed === undefined) {
			throw new RequestError(404, 'There is no such document.');
		}
		const {fax, document} = filed;
		this.#authorize(credentials, fax.facts.topic);
		if (fax.state.kind === 'deleted') {
			throw new RequestError(
				this.#switches.deletedDocumentStatus,
				'The document was deleted seven days after receipt.',
			);
		}
		return {
			status: 200,
			headers: {'Content-Type': document.contentType},
			body: bytesOf(document),
			sent: () => {
				fax.noteDownload(this.#clock.now(), name, request);
			},
		};
	}

	#authorize({customerNumber, password}: Credentials, topic: string): void {
		const restricted = this.#topics.find(({name}) => name === topic);
		const isAllowed =
			(restricted?.customerNumber ?? customerNumber) === customerNumber &&
			(restricted?.passwords ?? [password]).includes(password);
		if (!isAllowed) {
			throw new RequestError(this.#switches.forbiddenTopicStatus, 'These credentials may not use this topic.');
		}
	}

	/** The faxes to acknowledge for these ids. @throws RequestError if any id is refused */
	#acknowledgeable(topic: string, ids: readonly string[]): Fax[] {
		return ids.flatMap((id) => {
			const fax = this.#store.find(id);
			const [rule, problem] = this.#ruleFor(topic, fax);
			if (rule === 'refuse') {
				throw new RequestError(this.#switches.refusalStatus, `The fax ${id} ${problem}.`);
			}
			return fax === undefined || rule === 'ignore' ? [] : [fax];
		});
	}

	#ruleFor(topic: string, fax: Fax | undefined): readonly [rule: IdRule, problem: string] {
		if (fax === undefined) {
			return [this.#switches.unknownId, 'is unknown'];
		}
		if (fax.facts.topic !== topic && this.#switches.foreignId !== 'acknowledge') {
			return [this.#switches.foreignId, 'belongs to another topic'];
		}
		switch (fax.state.kind) {
			case 'locked':
				return ['acknowledge', ''];
			case 'waiting':
				return [this.#switches.unlockedId, 'is not locked'];
			case 'acknowledged':
				return [noted(this.#switches.acknowledgedId), 'is already acknowledged'];
			case 'deleted':
				return [noted(this.#switches.deletedId), 'was deleted'];
		}
	}
}

type IdRule = 'acknowledge' | 'ignore' | 'refuse';

/** An ignored id still reaches the fax, which logs the repeated acknowledgement. */
function noted(rule: 'ignore' | 'refuse'): 'acknowledge' | 'refuse' {
	return rule === 'ignore' ? 'acknowledge' : rule;
}
