import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import {createServer as createTlsServer} from 'node:https';
import {createServer as createRawServer, type AddressInfo, type Server, type Socket} from 'node:net';

export interface Seen {
	readonly method: string;
	/** As it was sent. */
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

export interface TestServer {
	/** Without a slash at its end. */
	readonly origin: string;
	readonly port: number;
	/** Requests so far. */
	readonly seen: Seen[];
	/** Connections so far. */
	connections: number;
	/** Closes all connections that are open, as a server does that finds them idle. */
	endConnections(): void;
	close(): Promise<void>;
}

/** Where to listen. */
export interface Address {
	/** @default '127.0.0.1' */
	readonly host?: string;
	/** @default a free one */
	readonly port?: number;
}

const running = new Set<TestServer>();

afterEach(async () => {
	await Promise.all([...running].map((server) => server.close()));
});

const listen = async (server: Server, scheme: string, seen: Seen[], address: Address = {}): Promise<TestServer> => {
	const {host = '127.0.0.1', port: wanted = 0} = address;
	const sockets = new Set<Socket>();
	await new Promise<void>((resolve) => {
		server.listen(wanted, host, resolve);
	});
	const {port} = server.address() as AddressInfo;
	const started: TestServer = {
		origin: `${scheme}://${host}:${port}`,
		port,
		seen,
		connections: 0,
		endConnections() {
			for (const socket of sockets) {
				socket.end();
			}
		},
		close: () =>
			new Promise((resolve) => {
				running.delete(started);
				server.close(() => {
					resolve();
				});
				for (const socket of sockets) {
					socket.destroy();
				}
			}),
	};
	server.on('connection', (socket: Socket) => {
		started.connections += 1;
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
	});
	running.add(started);
	return started;
};

export type Handler = (request: Seen, response: ServerResponse) => void;

const listener =
	(seen: Seen[], handle: Handler) =>
	(request: IncomingMessage, response: ServerResponse): void => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const one = {
				method: request.method ?? '',
				url: request.url ?? '',
				headers: request.headers,
				body: Buffer.concat(chunks).toString(),
			};
			seen.push(one);
			handle(one, response);
		});
	};

/** A real HTTP server, gone after the test. */
export const serve = (handle: Handler, address: Address = {}): Promise<TestServer> => {
	const seen: Seen[] = [];
	return listen(createServer(listener(seen, handle)), 'http', seen, address);
};

/** The same with a certificate that nobody signed. */
export const serveTls = (handle: Handler): Promise<TestServer> => {
	const seen: Seen[] = [];
	return listen(createTlsServer({key: privateKey, cert: certificate}, listener(seen, handle)), 'https', seen);
};

/** A server of bytes: is given what came in so far after each piece of it, and answers on the socket. */
export const serveRaw = (handle: (text: string, socket: Socket, connection: number) => void): Promise<TestServer> => {
	let connections = 0;
	const server = createRawServer((socket) => {
		connections += 1;
		const connection = connections;
		let text = '';
		socket.on('data', (chunk) => {
			text += chunk.toString('latin1');
			handle(text, socket, connection);
		});
	});
	return listen(server, 'http', []);
};

/** A port on which nobody listens. */
export const freePort = async (): Promise<number> => {
	const server = await serve(() => undefined);
	await server.close();
	return server.port;
};

/** For 127.0.0.1, of this test only. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUTByB1FhKiyPa9GAS1a592ZXBdVIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzE0MDU0NloYDzIxMjYxMDMw
MTQwNTQ2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASJSgb0EuE8fVwvJxpZ6byU2wArhT+lFubOjL6bZH3GqniMCbjLNbiZ
Nrh8hSvPQiEEsgmmViloMs9Vrty/R3Mbo28wbTAdBgNVHQ4EFgQUuEpWcNU+ySSx
Lc/kzv9ani0zCSYwHwYDVR0jBBgwFoAUuEpWcNU+ySSxLc/kzv9ani0zCSYwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgU8ifm9q5qCejco/uX4KzkC6JzW6KbiPJjdnrH1OQETwCIQDC
AGFo4jiaKRY6SDcltlFVZ7umf925lL/yDV3o7Ru20Q==
-----END CERTIFICATE-----`;

const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8Lmjb138FAKrZu+D
z/nzyGPDMQWDae/1xVTa/NTh+O+hRANCAASJSgb0EuE8fVwvJxpZ6byU2wArhT+l
FubOjL6bZH3GqniMCbjLNbiZNrh8hSvPQiEEsgmmViloMs9Vrty/R3Mb
-----END PRIVATE KEY-----`;
