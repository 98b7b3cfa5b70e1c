/**
 * A bare process with the core in it, and a flow that writes each fax to a file before it asks for its acknowledge.
 * It begins when it is told its options, and lives until it is killed; told to close, it closes and ends.
 */
import {promises as fs} from 'node:fs';
import {Accounts} from '../../../lib/account/accounts';
import {realEnvironment, type Environment} from '../../../lib/environment';
import type {DeliveredFax} from '../../../lib/faxes/events';
import {Random} from '../../world/random';
import {readWorkerOptions, type FlowLine, type WorkerOptions} from './worker-options';

/** The real one, on a clock that is ahead. */
const createEnvironment = (random: Random, aheadMs: number): Environment => {
	const {clock, files} = realEnvironment;
	return {
		files,
		random: () => random.next(),
		clock: {
			now() {
				const {wallMs, steadyMs} = clock.now();
				return {wallMs: wallMs + aheadMs, steadyMs};
			},
			setTimer: (callback, delayMs) => clock.setTimer(callback, delayMs),
		},
	};
};

const wait = (ms: number): Promise<void> =>
	new Promise((resolve) => {
		setTimeout(resolve, ms);
	});

const live = async (options: WorkerOptions): Promise<void> => {
	const random = new Random(options.seed);
	const environment = createEnvironment(random, options.aheadMs);
	const file = await fs.open(options.flowFile, 'a');
	/** One write each, so that a kill leaves it whole or not at all. */
	const note = async (line: FlowLine): Promise<void> => {
		await file.appendFile(`${JSON.stringify({...line, life: options.life})}\n`);
		await file.datasync();
	};
	const hold = new Accounts(options.stateFolder, environment).hold({
		baseUrl: options.baseUrl,
		customerNumber: '99999',
		password: 'secret',
		requestTimeoutMs: 5000,
		isTrial: false,
		proxy: 'none',
	});
	const topic = hold.account.topic('demo');
	let isClosing = false;
	const fail = async (what: string, error: unknown): Promise<void> => {
		if (!isClosing) {
			await note({type: 'trouble', text: `${what}: ${error instanceof Error ? error.message : String(error)}`});
		}
	};

	const work = async ({id, delivery}: DeliveredFax): Promise<void> => {
		await note({type: 'delivered', id, delivery});
		await wait(random.chance(0.5) ? 0 : random.between(0, 20));
		if (options.givesBack && random.chance(0.1)) {
			// Its line comes first: the next delivery may follow at any time.
			await note({type: 'givenBack', id, delivery});
			await topic.giveBack({id, delivery});
		} else {
			await topic.acknowledge({id, delivery});
		}
	};
	topic.on('delivery', (fax) => {
		work(fax).catch((error: unknown) => fail(`fax ${fax.id}`, error));
	});
	topic.on('step', ({step, id}) => {
		if (step === 'accepted') {
			void note({type: 'accepted', id});
		}
	});
	topic.on('trouble', (error) => void fail('trouble', error));
	topic.on('notice', ({kind}) => {
		if (kind === 'journalSetAside') {
			void fail('notice', kind);
		}
	});
	topic.receive({
		pollIntervalMs: 20,
		maxInFlight: options.maxInFlight,
		batchSize: options.batchSize,
		processingTimeoutMs: 60_000,
		maxDeliveries: 0,
		lockTimeoutMs: options.lockTimeoutMs,
		maxFaxBytes: 1_000_000,
	});
	process.once('message', () => {
		isClosing = true;
		void hold.release().then(() => {
			process.exit(0);
		});
	});
};

process.once('disconnect', () => {
	process.exit(0);
});
process.once('message', (options) => {
	void live(readWorkerOptions(options));
});
// Loaded before it begins, it is not what the time to the first request goes to.
void import('undici').then(() => process.send?.('booted'));
