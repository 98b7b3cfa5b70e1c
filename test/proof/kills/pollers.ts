import type {Passage, Relay} from './relay';

/** What one socket told last may be read after what another told first. */
const slackMs = 20;

/** Finds two polls of the one queue behind a relay that are under way at the same time: two pollers. */
export class Pollers {
	/** How often it was so. */
	overlaps = 0;
	/** When the next poll came although this one was under way. */
	readonly #overtakenAtMs = new Map<Passage, number>();

	constructor(relay: Relay) {
		relay.on('arrived', (passage) => {
			for (const other of [...relay.underWay].filter(
				(other) => other !== passage && isPoll(other) && isPoll(passage),
			)) {
				this.#overtakenAtMs.set(other, this.#overtakenAtMs.get(other) ?? performance.now());
			}
		});
		relay.on('left', (passage) => {
			this.overlaps += performance.now() - (this.#overtakenAtMs.get(passage) ?? Infinity) > slackMs ? 1 : 0;
		});
	}
}

const isPoll = ({phase}: Passage): boolean => phase === 'poll' || phase === 'pollWithAcknowledge';
