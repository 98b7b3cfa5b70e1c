/** Who waits for the service to confirm an acknowledgement. */
import {ChurnMap} from '../churn-map';

interface Waiting {
	readonly resolve: () => void;
	readonly reject: (error: Error) => void;
}

export class Confirmations {
	readonly #waiting = new ChurnMap<Waiting[]>();

	/** Resolves when the service has confirmed the fax; rejects when it refuses it for good. */
	wait(id: string): Promise<void> {
		return new Promise((resolve, reject) => {
			const others = this.#waiting.get(id) ?? [];
			others.push({resolve, reject});
			this.#waiting.set(id, others);
		});
	}

	confirm(id: string): void {
		for (const {resolve} of this.#take(id)) {
			resolve();
		}
	}

	/** For those who wait for what is confirmed already: the topic may have heard it just before it was closed. */
	confirmAll(isConfirmed: (id: string) => boolean): void {
		for (const id of [...this.#waiting.keys()].filter((one) => isConfirmed(one))) {
			this.confirm(id);
		}
	}

	refuse(id: string, error: Error): void {
		for (const {reject} of this.#take(id)) {
			reject(error);
		}
	}

	#take(id: string): readonly Waiting[] {
		const waiting = this.#waiting.get(id) ?? [];
		this.#waiting.delete(id);
		return waiting;
	}
}
