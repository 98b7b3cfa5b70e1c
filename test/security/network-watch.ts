/** Records every connection and every name lookup that any module of this process attempts. */
import dns from 'node:dns';
import {isIP, Socket} from 'node:net';

export interface NetworkWatch {
	/** `host:port`, or the path of a local socket. */
	readonly destinations: readonly string[];
	/** Names that were looked up. An IP address needs no lookup. */
	readonly names: readonly string[];
	end(): void;
}

/** `connect` takes options, a port, a path, or what `net.connect` turns these into: a list that starts with options. */
const destinationOf = (values: readonly unknown[]): string => {
	const [first, second] = values;
	if (Array.isArray(first)) {
		return destinationOf(first);
	}

	if (typeof first !== 'object' || first === null) {
		return typeof first === 'number' ? `${typeof second === 'string' ? second : 'localhost'}:${first}` : String(first);
	}

	const {host, port, path} = first as {readonly host?: unknown; readonly port?: unknown; readonly path?: unknown};
	return typeof path === 'string' ? path : `${typeof host === 'string' ? host : 'localhost'}:${String(port)}`;
};

const lookups = ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny'] as const;

/** Watches until `end` is called. Blocks nothing. */
export const watchNetwork = (): NetworkWatch => {
	const destinations: string[] = [];
	const names: string[] = [];
	const undo: (() => void)[] = [];
	const replace = (target: object, key: string, note: (values: readonly unknown[]) => void): void => {
		const original: unknown = Reflect.get(target, key);
		if (typeof original !== 'function') {
			throw new Error(`There is no ${key} to watch.`);
		}

		Reflect.set(target, key, function (this: unknown, ...values: unknown[]): unknown {
			note(values);
			return Reflect.apply(original, this, values) as unknown;
		});
		undo.push(() => Reflect.set(target, key, original));
	};
	replace(Socket.prototype, 'connect', (values) => destinations.push(destinationOf(values)));
	for (const module of [dns, dns.promises]) {
		for (const lookup of lookups) {
			replace(module, lookup, ([name]) => {
				if (isIP(String(name)) === 0) {
					names.push(String(name));
				}
			});
		}
	}

	return {
		destinations,
		names,
		end() {
			for (const step of undo) {
				step();
			}
		},
	};
};
