import {Session} from 'node:inspector/promises';
import should from 'should';
import {endOf, minute, Receiving} from '../../world/receiving';

/** What the compiler adds: a module reads the names that another one exports through functions of this shape. */
const isMadeByCompiler = (name: string, source: string): boolean =>
	name === '__name' || name === 'get' || source.replaceAll(' ', '') === `()=>${name}`;

/**
 * The functions of lib/ that were called since the last look, each with how often: methods, getters and closures, as
 * the engine's precise coverage counts them.
 */
class CallCounter {
	readonly #session = new Session();

	static async start(): Promise<CallCounter> {
		const counter = new CallCounter();
		counter.#session.connect();
		await counter.#session.post('Debugger.enable');
		await counter.#session.post('Profiler.enable');
		await counter.#session.post('Profiler.startPreciseCoverage', {callCount: true, detailed: false});
		return counter;
	}

	async take(): Promise<readonly string[]> {
		const {result} = await this.#session.post('Profiler.takePreciseCoverage');
		const calls: string[] = [];
		for (const {url, scriptId, functions} of result.filter(({url}) => /(?<!\/test)\/lib\//.test(url))) {
			const {scriptSource} = await this.#session.post('Debugger.getScriptSource', {scriptId});
			for (const {functionName, ranges} of functions) {
				const [range] = ranges;
				if (!range || range.count === 0 || range.startOffset === 0) {
					continue;
				}

				const {startOffset, endOffset, count} = range;
				if (!isMadeByCompiler(functionName, scriptSource.slice(startOffset, endOffset))) {
					calls.push(...Array.from({length: count}, () => `${url.split('/lib/')[1]} ${functionName}`));
				}
			}
		}

		return calls;
	}

	async end(): Promise<void> {
		await this.#session.post('Profiler.disable');
		this.#session.disconnect();
	}
}

describe('A wake-up of a topic with nothing to do', () => {
	it('costs few calls, because it asks everything once', async () => {
		const receiving = new Receiving();
		await receiving.receive();
		await receiving.pass(minute + 100);
		const counter = await CallCounter.start();
		try {
			receiving.topic.wake();
			await counter.take();
			receiving.topic.wake();
			const calls = await counter.take();
			should(calls.length).be.within(20, 46, [...calls].sort().join('\n'));
		} finally {
			await counter.end();
			await endOf(receiving);
		}
	});
});
