/** Runs the simulator and counts the requests it receives. */
import {subscribe} from 'node:diagnostics_channel';
import {startSimulator, type Simulator} from '../simulator';
import {answerQuestions} from './process';
import type {ServiceFigures, ServiceQuestion, ServiceSetting} from './service';

const figures: {-readonly [Name in keyof ServiceFigures]: number} = {
	exchanges: 0,
	downloads: 0,
	connections: 0,
	acknowledged: 0,
	firstRequestAtMs: 0,
	lastAcknowledgeAtMs: 0,
};
const acknowledged = new Set<string>();
let simulator: Simulator | undefined;
let content: Buffer = Buffer.alloc(0);
let wanted = 0;
let resolveDrained: () => void = () => undefined;
const drained = new Promise<void>((resolve) => {
	resolveDrained = resolve;
});

/** One PDF serves all faxes: clients cannot tell the difference. */
const pdf = (bytes: number): Buffer => {
	const begin = '%PDF-1.4\n';
	const end = '\n%%EOF\n';
	return Buffer.concat([
		Buffer.from(begin),
		Buffer.alloc(Math.max(0, bytes - begin.length - end.length), 0x61),
		Buffer.from(end),
	]);
};

const watch = async (running: Simulator): Promise<void> => {
	for (;;) {
		await running.requests.arrival(({phase, query, atMs}) => {
			figures.firstRequestAtMs ||= atMs;
			if (phase === 'document') {
				figures.downloads += 1;
				return false;
			}

			figures.exchanges += 1;
			for (const id of new URLSearchParams(query).get('ids')?.split(',') ?? []) {
				acknowledged.add(id);
			}

			if (acknowledged.size > figures.acknowledged) {
				figures.acknowledged = acknowledged.size;
				figures.lastAcknowledgeAtMs = atMs;
			}

			if (acknowledged.size >= wanted) {
				resolveDrained();
			}

			return false;
		});
	}
};

const add = (running: Simulator): string => running.addFax({documents: [{extension: 'pdf', content}]}).facts.id;

const start = async ({faxes, documentBytes, latencyMs, slowShare = 0}: ServiceSetting): Promise<string> => {
	const running = await startSimulator({network: {latencyMs}, requestLogLimit: 100});
	simulator = running;
	wanted = faxes;
	content = pdf(documentBytes);
	const ids = Array.from({length: faxes}, () => add(running));
	for (const id of slowShare > 0 ? ids.filter((_, index) => index % Math.round(1 / slowShare) === 0) : []) {
		running.faults.add({
			fault: {kind: 'trickle', chunkBytes: Math.ceil(content.length / 10), everyMs: latencyMs},
			faxId: id,
			phase: 'document',
			times: 1,
		});
	}

	void watch(running);
	return running.baseUrl;
};

subscribe('net.server.socket', () => {
	figures.connections += 1;
});

answerQuestions(async (message) => {
	const question = message as ServiceQuestion;
	switch (question.kind) {
		case 'start':
			return start(question.setting);
		case 'drained':
			await drained;
			return figures;
		case 'figures':
			return figures;
		case 'addFax':
			if (simulator) {
				wanted += 1;
				add(simulator);
			}

			return undefined;
	}
});
