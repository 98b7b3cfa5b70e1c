import {once} from 'node:events';
import {createConnection} from 'node:net';
import {join} from 'node:path';

const socketOf = (userDirectory: string): string => join(userDirectory, 'clock');

/** The environment of a Node-RED whose clock a test can move. */
export const clockVariables = (userDirectory: string): Readonly<Record<string, string>> => ({
	NODE_OPTIONS: `--require ${join(__dirname, 'clock.cjs')}`,
	CLOCK_SOCKET: socketOf(userDirectory),
	TZ: 'UTC',
});

/** Moves the clock and all timers of a Node-RED forward. */
export const advanceClock = async (userDirectory: string, ms: number): Promise<void> => {
	const socket = createConnection(socketOf(userDirectory));
	socket.resume();
	socket.write(String(ms));
	await once(socket, 'close');
};
