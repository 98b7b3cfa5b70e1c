import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {Worker} from 'node:worker_threads';
import should from 'should';
import {createTransport, type Transport} from '../../../lib/retarus/http';
import {freePort, serve} from '../../world/http-server';
import {rejection, until} from '../../world/turns';

interface Address {
	readonly address: string;
	readonly family: number;
}

/**
 * A server that accepts nothing until it is woken: then its queue is full, and the kernel drops what asks for a
 * connection.
 */
const sleepySource = `
	const {createServer} = require('node:http');
	const {parentPort, workerData} = require('node:worker_threads');
	const server = createServer((_, response) => response.end('awake'));
	server.listen({port: 0, host: '127.0.0.1', backlog: 1}, () => {
		parentPort.postMessage(server.address().port);
		Atomics.wait(workerData, 0, 0, 5000);
	});
`;

describe('A host with several addresses', () => {
	const transports: Transport[] = [];
	const workers: Worker[] = [];
	afterEach(async () => {
		await Promise.all(transports.splice(0).map((transport) => transport.close()));
		await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
	});

	const ask = async (port: number, addresses: readonly Address[]): Promise<string> => {
		const lookup = (_host: string, _options: object, callback: (...found: unknown[]) => void): void => {
			callback(null, addresses);
		};
		const transport = createTransport({
			origin: `http://fax.test:${port}`,
			proxy: 'none',
			connections: 1,
			tls: {lookup},
		});
		transports.push(transport);
		let body = '';
		const {signal} = new AbortController();
		const response = await transport.request({method: 'GET', path: '/', headers: {}, signal});
		await response.read((chunk) => {
			body += Buffer.from(chunk).toString();
		});
		return body;
	};

	it('is reached at the second one when nobody listens at the first', async () => {
		const server = await serve((_, response) => response.end('second'), {host: '127.0.0.2'});
		const body = await ask(server.port, [
			{address: '127.0.0.1', family: 4},
			{address: '127.0.0.2', family: 4},
		]);
		should(body).equal('second');
	});

	it('is reached at a slow address although the other one cannot be reached', async () => {
		const gate = new Int32Array(new SharedArrayBuffer(4));
		const worker = new Worker(sleepySource, {eval: true, workerData: gate});
		workers.push(worker);
		const [port] = (await once(worker, 'message')) as [number];
		const fill: Socket[] = [];
		let connected = 0;
		for (let count = 0; count < 4; count += 1) {
			fill.push(
				connect(port, '127.0.0.1', () => {
					connected += 1;
				}).on('error', () => undefined),
			);
		}

		await until(() => connected === 2);
		const asked = ask(port, [
			{address: '127.0.0.1', family: 4},
			{address: '127.0.0.2', family: 4},
		]);
		// Longer than Node gives an address, shorter than the kernel waits before it asks again.
		setTimeout(() => {
			Atomics.store(gate, 0, 1);
			Atomics.notify(gate, 0);
			for (const socket of fill) {
				socket.destroy();
			}
		}, 500);
		should(await asked).equal('awake');
	});

	it('says that all refuse when all do', async () => {
		const port = await freePort();
		const asked = ask(port, [
			{address: '127.0.0.1', family: 4},
			{address: '::1', family: 6},
		]);
		should(await rejection(asked)).match({reason: 'connectionRefused', phase: 'connecting'});
	});
});
