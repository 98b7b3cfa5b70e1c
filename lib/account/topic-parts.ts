/** A topic's parts, put together: what each of them knows of the others stands here and nowhere else. */
import {Downloads, type DownloadsOptions} from '../documents/downloads';
import {AcknowledgeBatches} from '../exchange/acknowledge-batches';
import {ExchangeLoop} from '../exchange/exchange-loop';
import {LedgerOpening} from '../exchange/ledger-opening';
import {Preview} from '../exchange/preview';
import {Arrivals} from '../faxes/arrivals';
import type {TopicContext} from '../faxes/context';
import {Decisions} from '../faxes/decisions';
import {Deliveries} from '../faxes/deliveries';

export interface TopicParts {
	readonly deliveries: Deliveries;
	readonly decisions: Decisions;
	readonly opening: LedgerOpening;
	readonly loop: ExchangeLoop;
	readonly preview: Preview;
}

/** @param ready rejects while the state folder is somebody else's */
export const assemble = (
	context: TopicContext,
	shared: Pick<DownloadsOptions, 'budget' | 'slots'>,
	ready: () => Promise<void>,
): TopicParts => {
	const {environment, ledger, connection, wake} = context;
	const batches = new AcknowledgeBatches(ledger, environment.clock);
	const downloads = new Downloads({environment, connection, onBackoff: wake, ...shared});
	const arrivals = new Arrivals(context, (id) => {
		batches.repeat(id);
	});
	const deliveries = new Deliveries(context, downloads);
	const decisions = new Decisions(context, deliveries);
	const opening = new LedgerOpening(context);
	const loop = new ExchangeLoop(context, {arrivals, deliveries, decisions, batches, opening});
	return {deliveries, decisions, opening, loop, preview: new Preview(context, loop, downloads, ready)};
};
