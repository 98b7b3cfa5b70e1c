/** The light under a node on the canvas. */
import type {Node} from '@node-red/registry';
import type {FullStatus} from './status';

/** How often a status may change. */
const shortestMs = 200;

interface Shown {
	readonly status: () => FullStatus;
	readonly refreshMs: number | undefined;
}

/**
 * Shows the latest status, at most every 200 ms. A backlog changes it hundreds of times a second: shown each time,
 * it would flood every open editor and Status node. A status in between may be skipped, the last one never.
 * An unchanged status is not sent again.
 */
export class StatusLight {
	readonly #node: Pick<Node, 'status'>;
	#shown = '';
	#pending: Shown | undefined;
	#timer: NodeJS.Timeout | undefined;
	#refresh: NodeJS.Timeout | undefined;
	/** A message may finish after its node has closed, and must not overwrite the status of the node's successor. */
	#isClosed = false;

	constructor(node: Pick<Node, 'status'>) {
		this.#node = node;
	}

	/**
	 * @param status evaluated when it is shown
	 * @param refreshMs interval at which it is evaluated again while the flow is full, so that the age shown stays right
	 */
	show(status: () => FullStatus, refreshMs?: number): void {
		if (!this.#isClosed) {
			this.#pending = {status, refreshMs};
			this.#next();
		}
	}

	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
		clearTimeout(this.#refresh);
		this.#pending = undefined;
	}

	#next(): void {
		if (this.#pending && !this.#timer) {
			this.#showNow(this.#pending);
			this.#timer = setTimeout(() => {
				this.#timer = undefined;
				this.#next();
			}, shortestMs);
		}
	}

	#showNow(shown: Shown): void {
		this.#pending = undefined;
		clearTimeout(this.#refresh);
		const status = shown.status();
		if (status.full !== undefined) {
			this.#refresh = setTimeout(() => {
				this.show(shown.status, shown.refreshMs);
			}, shown.refreshMs);
		}

		const text = JSON.stringify(status);
		if (text !== this.#shown) {
			this.#shown = text;
			this.#node.status(status);
		}
	}
}
