import {NetworkError} from '../../../lib/errors';
import type {Transport, TransportRequest, TransportResponse} from '../../../lib/retarus/http';
import type {Exchange} from '../../../lib/retarus/wire';
import {answerFates, type Answer} from './answers';
import type {Life} from './machine';
import type {Random} from '../../world/random';
import {parseRequest, type ServiceReply} from '../../world/retarus';
import type {HabitualRetarus} from './retarus';
import type {Weather} from './weather';

/** What the network tells about exchanges as they happen. */
export interface Watch {
	/** An exchange begins; returns what to call at its end. */
	exchange(exchange: Exchange): () => void;
	/** A request reaches the service, and what it is answered. */
	served(request: Exchange | string, reply: ServiceReply): void;
}

const broken = (phase: 'connecting' | 'waiting'): NetworkError =>
	new NetworkError(phase === 'connecting' ? 'connectionRefused' : 'connectionBroken', phase, {
		host: 'retarus',
		detail: 'simulated',
	});

/** The connections of one process to the service. */
export class Network implements Transport {
	readonly #life: Life;
	readonly #retarus: HabitualRetarus;
	readonly #weather: Weather;
	readonly #random: Random;
	readonly #watch: Watch;
	readonly #flights = new Set<(reason: Error) => void>();

	constructor(life: Life, retarus: HabitualRetarus, weather: Weather, random: Random, watch: Watch) {
		this.#life = life;
		this.#retarus = retarus;
		this.#weather = weather;
		this.#random = random;
		this.#watch = watch;
	}

	request(request: TransportRequest): Promise<TransportResponse> {
		const {signal, method, path} = request;
		const asked = parseRequest(method, path);
		const ended = typeof asked === 'string' ? () => undefined : this.#watch.exchange(asked);
		return new Promise((resolve, reject) => {
			const end = (): void => {
				this.#flights.delete(fail);
				signal.removeEventListener('abort', abort);
				ended();
			};
			const fail = (reason: Error): void => {
				end();
				reject(reason);
			};
			const abort = (): void => {
				fail(signal.reason as Error);
			};
			signal.addEventListener('abort', abort, {once: true});
			this.#flights.add(fail);
			this.#send(asked, fail, (answer) => {
				end();
				resolve(answer.toResponse(this.#life, signal));
			});
		});
	}

	close(): Promise<void> {
		for (const fail of [...this.#flights]) {
			fail(broken('waiting'));
		}

		return Promise.resolve();
	}

	#send(asked: Exchange | string, fail: (reason: Error) => void, answer: (answer: Answer) => void): void {
		const weather = this.#weather;
		const {schedule} = this.#life.machine;
		const upMs = this.#delayMs();
		const breakOff = (phase: 'connecting' | 'waiting'): void => {
			this.#life.in(upMs, () => {
				fail(broken(phase));
			});
		};
		if (weather.lasts('outage') || weather.strikes('refused')) {
			breakOff('connecting');
		} else if (weather.lasts('silence') || weather.strikes('lostRequest')) {
			// Nobody will ever say anything: the request ends by its own deadline.
		} else if (weather.strikes('reset')) {
			breakOff('waiting');
		} else {
			if (weather.strikes('duplicate')) {
				schedule.in(upMs + this.#random.scaled(10, 100_000), () => {
					this.#serve(asked);
				});
			}

			schedule.in(upMs, () => {
				const reply = answerFates(weather, typeof asked === 'string' ? 'document' : 'exchange', () =>
					this.#serve(asked),
				);
				if (reply === 'reset') {
					breakOff('waiting');
				} else if (reply !== 'lost') {
					this.#life.in(this.#delayMs(), () => {
						answer(reply);
					});
				}
			});
		}
	}

	#serve(asked: Exchange | string): ServiceReply {
		const reply = typeof asked === 'string' ? this.#retarus.document(asked) : this.#retarus.exchange(asked);
		this.#watch.served(asked, reply);
		return reply;
	}

	#delayMs(): number {
		return this.#weather.strikes('slow') ? this.#random.scaled(500, 60_000) : this.#random.between(5, 60);
	}
}
