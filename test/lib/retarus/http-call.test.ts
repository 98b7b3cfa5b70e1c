import should from 'should';
import {createTransport, type Transport, type TransportResponse} from '../../../lib/retarus/http';
import {serve} from '../../world/http-server';
import {readAll} from '../../world/read-all';
import {rejection, turns, until, watch} from '../../world/turns';

describe('A request', () => {
	const transports: Transport[] = [];

	afterEach(async () => {
		await Promise.all(transports.splice(0).map((transport) => transport.close()));
	});

	const request = async (origin: string, {signal} = new AbortController()): Promise<TransportResponse> => {
		const transport = createTransport({origin, proxy: 'none', connections: 1});
		transports.push(transport);
		return await transport.request({method: 'GET', path: '/', headers: {}, signal});
	};

	// The first one, because undici is loaded after it.
	it('is not sent when it is aborted before there is anything to send it with', async () => {
		const server = await serve((_, response) => response.end('%PDF'));
		const reason = new Error('enough');
		const controller = new AbortController();
		const refused = rejection(request(server.origin, controller));
		controller.abort(reason);
		should(await refused).equal(reason);
		await turns(50);
		should(server.seen).be.empty();
	});

	it('keeps what comes before somebody reads, and makes the other side wait when that is much', async () => {
		let written = 0;
		const server = await serve((_, response) => {
			const write = (): void => {
				while (written < 32 * 1024 * 1024) {
					written += 65_536;
					if (!response.write(Buffer.alloc(65_536, written / 65_536))) {
						response.once('drain', write);
						return;
					}
				}

				response.end();
			};
			write();
		});
		const response = await request(server.origin);
		await turns(200);
		should(written).be.below(24 * 1024 * 1024);
		const content = await readAll(response);
		should(content.length).equal(32 * 1024 * 1024);
		should([content[0], content[65_536], content.at(-1)]).deepEqual([1, 2, 512 % 256]);
	});

	it('may be read when its end has come already', async () => {
		const server = await serve((_, response) => response.end('%PDF'));
		const response = await request(server.origin);
		await turns(50);
		should((await readAll(response)).toString()).equal('%PDF');
	});

	it("ends when the reader refuses a chunk, with the reader's reason", async () => {
		let isClosed = false;
		const server = await serve((_, response) => {
			response
				.on('close', () => {
					isClosed = true;
				})
				.write('%PDF');
		});
		const response = await request(server.origin);
		const refusal = new Error('too large');
		should(
			await rejection(
				response.read(() => {
					throw refusal;
				}),
			),
		).equal(refusal);
		await until(() => isClosed);
	});

	it('says to whoever reads late that its connection broke, and nothing to whoever discards it', async () => {
		const server = await serve((_, response) => {
			response.writeHead(200, {'content-length': 1000}).write('%PDF');
			setImmediate(() => {
				response.destroy();
			});
		});
		const [read, discarded] = [await request(server.origin), await request(server.origin)];
		await turns(50);
		discarded.discard();
		should(await rejection(readAll(read))).match({code: 'RETARUS_NETWORK', phase: 'body'});
	});

	it('ends at once when it is aborted, at whatever point', async () => {
		const server = await serve((incoming, response) => {
			if (incoming.url === '/') {
				response.write('%PDF');
			}
		});
		const reason = new Error('enough');
		for (const reads of [false, true]) {
			const controller = new AbortController();
			const response = await request(server.origin, controller);
			const early = reads ? watch(readAll(response)) : undefined;
			await turns(5);
			controller.abort(reason);
			const late = early ?? watch(readAll(response));
			await turns(5);
			should(late).match({state: 'rejected', error: reason});
		}
	});
});
