import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import {createConnection} from 'node:net';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {freePort} from '../../world/http-server';
import {requireCommands, searchPath} from './commands';

const answers = async (port: number): Promise<boolean> => {
	const socket = createConnection(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
};

/** A real MQTT broker, Mosquitto, that keeps nothing on disk. */
export class Broker {
	readonly port: number;
	readonly #configuration: string;
	#process: ChildProcess | undefined;

	/** @param folder where its configuration is written */
	static async start(folder: string): Promise<Broker> {
		requireCommands('mosquitto');
		const broker = new Broker(folder, await freePort());
		await broker.open();
		return broker;
	}

	private constructor(folder: string, port: number) {
		this.port = port;
		this.#configuration = join(folder, 'mosquitto.conf');
		writeFileSync(
			this.#configuration,
			`listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nlog_type none\n`,
		);
	}

	async open(): Promise<void> {
		this.#process = spawn('mosquitto', ['-c', this.#configuration], {
			env: {...process.env, PATH: searchPath},
			stdio: 'ignore',
		});
		while (!(await answers(this.port))) {
			await wait(50);
		}
	}

	async close(): Promise<void> {
		const broker = this.#process;
		this.#process = undefined;
		if (broker?.exitCode === null) {
			const exit = once(broker, 'exit');
			broker.kill('SIGKILL');
			await exit;
		}
	}
}
