import type {Transport, TransportRequest, TransportResponse} from '../../../lib/retarus/http';

/** The header by which the service knows which request of the client it has. */
export const requestHeader = 'x-test-request';

/** Knows which requests are on their way, so that time may stand still until they have ended. */
export class WatchedTransport implements Transport {
	/** Begun, and neither failed nor read to their end nor discarded. */
	readonly inFlight = new Set<string>();
	requests = 0;
	readonly #transport: Transport;
	readonly #prefix: string;

	/** @param prefix of the names of its requests */
	constructor(transport: Transport, prefix: string) {
		this.#transport = transport;
		this.#prefix = prefix;
	}

	async request(request: TransportRequest): Promise<TransportResponse> {
		this.requests += 1;
		const name = `${this.#prefix}-${this.requests}`;
		this.inFlight.add(name);
		const end = (): void => {
			this.inFlight.delete(name);
		};
		try {
			const response = await this.#transport.request({
				...request,
				headers: {...request.headers, [requestHeader]: name},
			});
			return {
				...response,
				read: (consume) => response.read(consume).finally(end),
				discard() {
					end();
					response.discard();
				},
			};
		} catch (error) {
			end();
			throw error;
		}
	}

	close(): Promise<void> {
		return this.#transport.close();
	}
}
