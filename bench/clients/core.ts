/** The core of this package without Node-RED: acknowledges each fax as soon as it is delivered. */
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Account} from '../../lib/account';
import {ByteBudget, documentBudgetBytes} from '../../lib/budget';
import {realEnvironment} from '../../lib/environment';
import {TopicMemory} from '../../lib/memory';
import {StateFolder} from '../../lib/state-folder';
import {begun, measure, type BeginClient} from '../measured';

const begin: BeginClient = async ({baseUrl, batchSize, maxInFlight, pollIntervalMs = 30_000, maxFaxSize = 64}) => {
	// Loaded when it is first needed; here before the work begins, as in the bare loop.
	await import('undici');
	begun();
	const folder = new StateFolder(mkdtempSync(join(tmpdir(), 'retarus-fax-bench-')), realEnvironment);
	const account = new Account({baseUrl, customerNumber: '99999', password: 'secret', requestTimeoutMs: 30_000, isTrial: false, proxy: 'none'}, {
		environment: realEnvironment, folder, budget: new ByteBudget(documentBudgetBytes), memory: () => new TopicMemory(realEnvironment.clock),
	});
	const topic = account.topic('demo');
	topic.on('delivery', ({id, delivery}) => {
		void topic.acknowledge({id, delivery});
	});
	topic.receive({
		pollIntervalMs, maxInFlight, batchSize,
		processingTimeoutMs: 300_000, lockTimeoutMs: 300_000, maxDeliveries: 0, maxFaxBytes: maxFaxSize * 1024 * 1024,
	});
	return {};
};

measure(begin);
