import should from 'should';
import {RetarusClient} from '../../lib/retarus/client';
import {createTransport, type Proxy, type TlsOptions, type Transport} from '../../lib/retarus/http';
import {ManualClock} from './manual-clock';

export interface ClientOptions {
	readonly proxy?: Proxy | 'environment' | 'none';
	readonly tls?: TlsOptions;
	readonly password?: string;
	readonly connections?: number;
}

/** Service clients on the real transport and a manual clock, closed after each test. Call it within a `describe`. */
export class Clients {
	clock = new ManualClock();
	#transports: Transport[] = [];

	constructor() {
		beforeEach(() => {
			this.clock = new ManualClock();
		});
		afterEach(async () => {
			const transports = this.#transports;
			this.#transports = [];
			await Promise.all(transports.map((transport) => transport.close()));
			should(this.clock.pending).equal(0, 'a deadline was left');
		});
	}

	/** One connection only, so that the next request finds the socket of the last one. */
	make(origin: string, {proxy = 'none', tls, password = 'secret', connections = 1}: ClientOptions = {}): RetarusClient {
		const transport = createTransport({origin, proxy, connections, ...(tls && {tls})});
		this.#transports.push(transport);
		return new RetarusClient({
			transport,
			clock: this.clock,
			basePath: '/faxin/rest/v1',
			customerNumber: '99999',
			password,
			requestTimeoutMs: 30_000,
		});
	}
}
