import {connect, type Socket} from 'node:net';
import {serveRaw, type TestServer} from '../../world/http-server';

/** A proxy that makes every tunnel that it is asked for, to the port that it looks up at that moment. */
export const serveTunnels = (portOf: (host: string) => number): Promise<TestServer> => {
	const tunnels = new WeakMap<Socket, Socket>();
	return serveRaw((text, socket) => {
		const [, host] = /^CONNECT ([^ :]+):\d+ HTTP\/1\.1\r\n[^]*?\r\n\r\n$/.exec(text) ?? [];
		if (host === undefined || tunnels.has(socket)) {
			return;
		}

		const tunnel = connect(portOf(host), '127.0.0.1');
		tunnels.set(socket, tunnel);
		tunnel.on('error', () => socket.destroy());
		socket.on('close', () => tunnel.destroy());
		tunnel.on('connect', () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			socket.pipe(tunnel).pipe(socket);
		});
	});
};
