/** Measures a client from inside its process. */
import {monitorEventLoopDelay} from 'node:perf_hooks';
import type {ClientFigures, ClientQuestion, ClientSetting, Latency} from './client';
import {answerQuestions} from './process';

/** What a client can do besides draining a topic. */
export interface RunningClient {
	readonly oneFax?: () => Promise<Latency>;
}

export type BeginClient = (setting: ClientSetting) => Promise<RunningClient>;

const loopDelay = monitorEventLoopDelay({resolution: 1});
let cpuBefore = process.cpuUsage();
let begunAtMs = 0;
let startedAfterMs = 0;
let running: RunningClient = {};
let watchesDelay = false;

/** Called by a client when its work begins. */
export const begun = (): void => {
	begunAtMs = Date.now();
	startedAfterMs = performance.now();
	cpuBefore = process.cpuUsage();
	if (watchesDelay) {
		loopDelay.enable();
	}
};

const figures = (): ClientFigures => {
	const {user, system} = process.cpuUsage(cpuBefore);
	const {rss, heapUsed} = process.memoryUsage();
	return {
		cpuMs: (user + system) / 1000,
		peakBytes: 1024 * process.resourceUsage().maxRSS,
		residentBytes: rss,
		heapBytes: heapUsed,
		loopDelayMs: {p50: loopDelay.percentile(50) / 1e6, p99: loopDelay.percentile(99) / 1e6, max: loopDelay.max / 1e6},
		activeResources: process.getActiveResourcesInfo().length,
		begunAtMs,
		startedAfterMs,
	};
};

/** Turns this process into a client. What it loads before `begun` counts towards start-up and memory, not work. */
export const measure = (begin: BeginClient): void => {
	answerQuestions(async (message) => {
		const question = message as ClientQuestion;
		switch (question.kind) {
			case 'begin':
				watchesDelay = question.setting.watchesDelay === true;
				running = await begin(question.setting);
				return undefined;
			case 'figures':
				if (question.collectsGarbage) {
					globalThis.gc?.();
				}

				return figures();
			case 'oneFax':
				return running.oneFax?.();
		}
	});
};
