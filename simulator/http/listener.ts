import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';

/** A port that is listened on. */
export interface Listener {
	readonly port: number;
	/** Cuts every connection, whatever it is doing; resolves when the port is free. */
	close(): Promise<void>;
}

/** Long enough for the switch that decides on the length of an address to decide. */
const maximumHeaderBytes = 256 * 1024;

/** @throws as `net.Server` does, e.g. with the code EADDRINUSE */
export async function listen(
	port: number,
	host: string,
	serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listener> {
	const sockets = new Set<Socket>();
	const server = createServer({maxHeaderSize: maximumHeaderBytes}, (request, response) => {
		serve(request, response).catch(() => {
			// The client hung up while sending, or the simulator is at fault: either way there is nothing left to say.
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
		throw new TypeError('The simulator listens on no TCP port.');
	}
	return address.port;
}
