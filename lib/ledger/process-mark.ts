/** Which process something belongs to, and whether that still runs. */
import {createHash} from 'node:crypto';
import {promises as fs} from 'node:fs';
import {hostname, networkInterfaces} from 'node:os';
import {hasCode} from '../errors';

/** One process, in words that tell it from every other one on every machine. */
export interface ProcessMark {
	/** Digest of the host's name. */
	readonly host: string;
	/** Digest of this start of the machine; where the system does not name it, of the machine. */
	readonly machine: string;
	/** In which `pid` has a meaning. */
	readonly namespace: string;
	readonly pid: number;
	/** Ticks from the start of the machine to that of the process; empty where the system does not tell. */
	readonly started: string;
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** State and start of a process (proc(5), /proc/pid/stat, fields 3 and 22); `undefined` where it is hidden. */
const statOf = async (pid: number): Promise<{readonly state: string; readonly started: string} | undefined> => {
	const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const [state = ''] = fields;
	const started = fields[19];
	return started === undefined ? undefined : {state, started};
};

export const markOfThisProcess = async (): Promise<ProcessMark> => {
	const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({mac}) => mac));
	const boot = await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => addresses.sort().join());
	return {
		host: digest(hostname()),
		machine: digest(`${hostname()} ${boot}`),
		namespace: await fs.readlink('/proc/self/ns/pid').catch(() => ''),
		pid: process.pid,
		started: (await statOf(process.pid))?.started ?? '',
	};
};

export const isOwnProcess = (mark: ProcessMark, own: ProcessMark): boolean =>
	mark.machine === own.machine &&
	mark.namespace === own.namespace &&
	mark.pid === own.pid &&
	mark.started === own.started;

/** Also after a restart of the machine, and in another container on it. */
export const isSameMachine = (mark: ProcessMark, own: ProcessMark): boolean =>
	mark.host === own.host || mark.machine === own.machine;

/** Whether the process certainly no longer runs. */
export const hasProcessEnded = async ({machine, namespace, pid, started}: ProcessMark): Promise<boolean> => {
	const own = await markOfThisProcess();
	if (machine !== own.machine || namespace !== own.namespace) {
		return false;
	}

	try {
		process.kill(pid, 0);
	} catch (error) {
		if (hasCode(error, 'ESRCH')) {
			return true;
		}
	}

	// A zombie has ended, and another process may have got the number.
	const stat = await statOf(pid);
	return stat !== undefined && (stat.state === 'Z' || stat.started !== started);
};
