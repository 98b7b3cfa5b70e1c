import {randomBytes} from 'node:crypto';
import {promises as fs} from 'node:fs';
import {join} from 'node:path';
import {hasCode, StateError} from '../errors';
import {isRecord} from '../json';
import {hasProcessEnded, isOwnProcess, isSameMachine, markOfThisProcess, type ProcessMark} from './process-mark';

/**
 * Beside the owner's socket. Must not begin with the name of a candidate's socket: it would be taken for a dead one.
 */
const recordName = 'owner.json';

const renewMs = 1000;
const lookMs = 250;
/** How long a record must stay as it is until its owner counts as gone: on this machine, which may have restarted. */
const patienceMs = 4000;
/** And elsewhere: an owner that is paused for a while, as by a snapshot of its machine, keeps the folder. */
const patienceWithOthersMs = 15_000;

/** What the record says of its owner. */
interface Mark extends ProcessMark {
	readonly token: string;
}

/** Tokens of the records that this process holds. */
const held = new Set<string>();

const taken = (folder: string): StateError => new StateError('folderTaken', {folder});

/** `undefined` when there is no such file. */
const read = async (path: string): Promise<string | undefined> => {
	try {
		return await fs.readFile(path, 'utf8');
	} catch (error) {
		if (hasCode(error, 'ENOENT', 'ENOTDIR')) {
			return undefined;
		}

		throw error;
	}
};

const parse = (text: string): Mark | undefined => {
	try {
		const record: unknown = JSON.parse(text);
		if (!isRecord(record)) {
			return undefined;
		}

		const {token, host, machine, namespace, pid, started} = record;
		return typeof token === 'string' &&
			typeof host === 'string' &&
			typeof machine === 'string' &&
			typeof namespace === 'string' &&
			typeof pid === 'number' &&
			typeof started === 'string'
			? {token, host, machine, namespace, pid, started}
			: undefined;
	} catch {
		return undefined;
	}
};

/** Whether the owner certainly no longer owns anything. */
const hasEnded = async ({token, ...mark}: Mark): Promise<boolean> =>
	isOwnProcess(mark, await markOfThisProcess()) ? !held.has(token) : hasProcessEnded(mark);

/** @throws StateError when a process other than this one has the folder, as far as its record tells */
export const assertAbandoned = async (folder: string, wait: (ms: number) => Promise<void>): Promise<void> => {
	const path = join(folder, recordName);
	const seen = await read(path);
	const mark = seen === undefined ? undefined : parse(seen);
	if (seen === undefined || (mark && (await hasEnded(mark)))) {
		return;
	}

	const isNear = mark === undefined || isSameMachine(mark, await markOfThisProcess());
	// Looks are counted, not time: a process that was paused gives the other one as many chances.
	for (let looks = (isNear ? patienceMs : patienceWithOthersMs) / lookMs; looks > 0; looks -= 1) {
		await wait(lookMs);
		if ((await read(path)) !== seen) {
			throw taken(folder);
		}
	}
};

/**
 * Who owns the folder, in a file that every process that sees the folder can read, also where a socket says nothing: it
 * listens in one kernel only, and some volumes can hold none. The owner renews its record each second. A record that
 * was
 * renewed while somebody watched belongs to a living process, whatever its socket says.
 * A new owner always puts a new file in the place of the old one, so a late renewal reaches nobody. Clocks play no
 * part:
 * those of several hosts differ, and all may be set.
 *
 * Not noticed: a process of a version without records whose socket cannot be reached. An owner that was silent for too
 * long loses the folder, and finds that out before it accepts anything.
 */
export class OwnerRecord {
	readonly #path: string;
	readonly #mark: Mark;
	readonly #onLost: () => void;
	#renewals = 0;
	#timer: NodeJS.Timeout | undefined;

	private constructor(path: string, mark: Mark, onLost: () => void) {
		this.#path = path;
		this.#mark = mark;
		this.#onLost = onLost;
	}

	/**
	 * @param onLost called once when the folder was found to be no longer ours
	 * @throws StateError when another process is faster
	 */
	static async claim(folder: string, onLost: () => void): Promise<OwnerRecord> {
		const mark = {token: randomBytes(16).toString('hex'), ...(await markOfThisProcess())};
		const record = new OwnerRecord(join(folder, recordName), mark, onLost);
		await record.#create(folder);
		held.add(mark.token);
		record.#renewLater();
		return record;
	}

	async isOurs(): Promise<boolean> {
		return this.#isOurs(await read(this.#path));
	}

	/** Removes it, unless it is another's by now. */
	async remove(): Promise<void> {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		held.delete(this.#mark.token);
		if (await this.isOurs()) {
			await fs.rm(this.#path, {force: true});
		}
	}

	async #create(folder: string): Promise<void> {
		await fs.rm(this.#path, {force: true});
		const handle = await fs.open(this.#path, 'wx', 0o600).catch((error: unknown) => {
			throw hasCode(error, 'EEXIST') ? taken(folder) : error;
		});
		try {
			await handle.write(this.#content());
			await handle.datasync();
		} catch (error) {
			await fs.rm(this.#path, {force: true});
			throw error;
		} finally {
			await handle.close();
		}
	}

	/** Always of the same length, for it is written over the one before. */
	#content(): string {
		return JSON.stringify({...this.#mark, renewals: String(this.#renewals).padStart(12, '0')});
	}

	#isOurs(content: string | undefined): boolean {
		return content !== undefined && parse(content)?.token === this.#mark.token;
	}

	#renewLater(): void {
		this.#timer = setTimeout(() => {
			void this.#renew().then((isOurs) => {
				if (this.#timer === undefined) {
					return;
				}

				if (isOurs) {
					this.#renewLater();
				} else {
					this.#onLost();
				}
			});
		}, renewMs).unref();
	}

	/** Resolves to whether it is ours still, as far as anybody knows. Never rejects. */
	async #renew(): Promise<boolean> {
		try {
			const handle = await fs.open(this.#path, 'r+');
			try {
				// Whoever took the folder over has put another file here, so this one is ours until it is closed.
				const isOurs = this.#isOurs(await handle.readFile('utf8'));
				this.#renewals += 1;
				if (isOurs) {
					await handle.write(this.#content(), 0);
				}

				return isOurs;
			} finally {
				await handle.close();
			}
		} catch (error) {
			// A disk that refuses for now does not make another process the owner.
			return !hasCode(error, 'ENOENT', 'ENOTDIR');
		}
	}
}
