import {createRequire} from 'node:module';
import {promisify} from 'node:util';
import {modulesOf} from './palette';

interface Connection {
	all(
		sql: string,
		values: readonly unknown[],
		done: (error: Error | null, rows: readonly Record<string, unknown>[]) => void,
	): void;
	close(done: (error: Error | null) => void): void;
}

interface Sqlite {
	readonly Database: new (file: string, done: (error: Error | null) => void) => Connection;
}

/** Reads the database of a flow through a connection of its own. */
export class Database {
	readonly #connection: Connection;

	static async open(file: string): Promise<Database> {
		// The library of the palette module, which is already compiled.
		const sqlite = createRequire(modulesOf('node-red-node-sqlite'))('sqlite3') as Sqlite;
		return await new Promise((resolve, reject) => {
			const connection = new sqlite.Database(file, (error) => {
				if (error) {
					reject(error);
				} else {
					resolve(new Database(connection));
				}
			});
		});
	}

	private constructor(connection: Connection) {
		this.#connection = connection;
	}

	async rows(sql: string, ...values: readonly unknown[]): Promise<readonly Record<string, unknown>[]> {
		return await promisify(this.#connection.all.bind(this.#connection))(sql, values);
	}

	/** Keeps everybody else from reading and writing until `unlock`. */
	async lock(): Promise<void> {
		await this.rows('BEGIN EXCLUSIVE');
	}

	async unlock(): Promise<void> {
		await this.rows('COMMIT');
	}

	async close(): Promise<void> {
		await promisify(this.#connection.close.bind(this.#connection))();
	}
}
