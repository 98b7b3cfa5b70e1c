/** The core of this package without Node-RED: acknowledges each fax as soon as it is delivered. */
import {mkdtempSync} from 'node:fs';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type * as AccountFile from '../../lib/account/account';
import type * as BudgetFile from '../../lib/documents/byte-budget';
import type * as EnvironmentFile from '../../lib/environment';
import type * as MemoryFile from '../../lib/faxes/memory';
import type * as StateFolderFile from '../../lib/ledger/state-folder';
import {begun, measure, type BeginClient} from '../measured';

/** The compiled code, as published: the TypeScript loader slows every function down. */
const load = createRequire(join(__dirname, '..', '..', 'dist', 'lib', 'environment.js'));
const built = (name: string): unknown => load(`./${name}`);

const {Account} = built('account/account') as typeof AccountFile;
const {ByteBudget, documentBudgetBytes} = built('documents/byte-budget') as typeof BudgetFile;
const {realEnvironment} = built('environment') as typeof EnvironmentFile;
const {TopicMemory} = built('faxes/memory') as typeof MemoryFile;
const {StateFolder} = built('ledger/state-folder') as typeof StateFolderFile;

const begin: BeginClient = async ({
	baseUrl,
	batchSize,
	maxInFlight,
	concurrency,
	pollIntervalMs = 30_000,
	maxFaxSize = 64,
}) => {
	// The core loads undici on first use. Load it before the work begins, as the bare loop does.
	await import('undici');
	begun();
	const folder = new StateFolder(mkdtempSync(join(tmpdir(), 'retarus-fax-bench-')), realEnvironment);
	const settings = {
		baseUrl,
		customerNumber: '99999',
		password: 'secret',
		requestTimeoutMs: 30_000,
		isTrial: false,
		proxy: 'none',
	} as const;
	const account = new Account(settings, {
		environment: realEnvironment,
		folder,
		budget: new ByteBudget(documentBudgetBytes),
		memory: () => new TopicMemory(realEnvironment.clock),
		downloadSlots: concurrency,
	});
	const topic = account.topic('demo');
	topic.on('delivery', ({id, delivery}) => {
		void topic.acknowledge({id, delivery});
	});
	topic.receive({
		pollIntervalMs,
		maxInFlight,
		batchSize,
		processingTimeoutMs: 300_000,
		lockTimeoutMs: 300_000,
		maxDeliveries: 0,
		maxFaxBytes: maxFaxSize * 1024 * 1024,
	});
	return {};
};

measure(begin);
