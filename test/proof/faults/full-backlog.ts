import {connect, type Socket} from 'node:net';
import {Worker} from 'node:worker_threads';

/** Listens and then stands still, so that nobody accepts what the system has queued. */
const program = `
const {parentPort, workerData: {port, host, wake}} = require('node:worker_threads');
const server = require('node:net').createServer(socket => socket.destroy());
server.listen({port, host, backlog: 1}, () => {
	parentPort.postMessage('listening');
	Atomics.wait(new Int32Array(wake), 0, 0);
});
`;

/** How many connections the system completes for a backlog of one. */
const queued = 2;

/**
 * An address at which no connection is completed any more, because nobody accepts those that wait. Linux drops the
 * next ones without a word.
 */
export const fillBacklog = async (host: string, port: number): Promise<() => Promise<void>> => {
	const wake = new SharedArrayBuffer(4);
	const worker = new Worker(program, {eval: true, workerData: {host, port, wake}});
	await new Promise<void>((resolve, reject) => {
		worker.once('message', () => {
			resolve();
		});
		worker.once('error', reject);
	});
	const fillers: Socket[] = [];
	for (let filler = 0; filler < queued; filler += 1) {
		fillers.push(
			await new Promise<Socket>((resolve, reject) => {
				const socket = connect({host, port}, () => {
					resolve(socket);
				}).on('error', reject);
			}),
		);
	}

	return async () => {
		for (const socket of fillers) {
			socket.destroy();
		}

		Atomics.store(new Int32Array(wake), 0, 1);
		Atomics.notify(new Int32Array(wake), 0);
		await worker.terminate();
	};
};
