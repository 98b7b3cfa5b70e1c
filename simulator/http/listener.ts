import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';

/** An open port. */
export interface Listener {
	readonly port: number;
	/** Cuts every connection, idle or busy. Resolves once the port is free. */
	close(): Promise<void>;
}

/** Node's default would refuse long URLs before the `maximumUrlLength` switch sees them. */
const maximumHeaderBytes = 256 * 1024;

/** @throws the error of `net.Server`, e.g. with the code EADDRINUSE */
export async function listen(
	port: number,
	host: string,
	serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listener> {
	const sockets = new Set<Socket>();
	const server = createServer({maxHeaderSize: maximumHeaderBytes}, (request, response) => {
		serve(request, response).catch(() => {
			// Either the client hung up while sending or the simulator has a bug: no answer is possible in both cases.
			response.destroy();
		});
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => {
			sockets.delete(socket);
		});
	});
	server.listen(port, host);
	await once(server, 'listening');
	return {
		port: tcpPort(server.address()),
		async close() {
			const closed = once(server, 'close');
			server.close();
			for (const socket of sockets) {
				socket.destroy();
			}
			await closed;
		},
	};
}

function tcpPort(address: AddressInfo | string | null): number {
	if (address === null || typeof address === 'string') {
		throw new TypeError('The simulator is not listening on a TCP port.');
	}
	return address.port;
}
