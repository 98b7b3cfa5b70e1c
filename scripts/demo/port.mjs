import {once} from 'node:events';
import {createServer} from 'node:net';

/** The wanted port of this machine, or any other when that is taken. */
export async function freePort(wanted) {
	const server = createServer();
	try {
		server.listen(wanted, '127.0.0.1');
		await once(server, 'listening');
	} catch (error) {
		if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') {
			throw error;
		}

		return freePort(0);
	}

	const {port} = server.address();
	server.close();
	await once(server, 'close');
	return port;
}
