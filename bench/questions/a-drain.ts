/** How fast does a backlog drain? */
import {alternate, drain, type Drain, type Work} from '../drain';
import type {Question, Result} from '../result';
import {median} from '../statistics';

const work: Work = {batchSize: 50, maxInFlight: 100, concurrency: 32};
const service = {documentBytes: 100_000, latencyMs: 30};

const paceOf = (drains: readonly Drain[]): number => median(drains.map((one) => one.faxesPerSecond));

export const a: Question = async ({rounds, isShort, progress}) => {
	const faxes = isShort ? 500 : 2000;
	const few = isShort ? 60 : 200;
	const guarded = {
		bare: () => drain('bare', {...service, faxes}, work),
		ours: () => drain('node-red ours', {...service, faxes}, work),
		// A tenth of the faxes: the pace is the same, and all of them would take minutes.
		serial: () => drain('serial', {...service, faxes: few}, work),
	};
	const line = (what: string, measured: number, unit: string, against: string, goal?: Result['goal']): Result => ({
		question: 'A',
		what,
		measured,
		unit,
		against,
		...(goal && {goal}),
	});
	const mostWanted = (drains: Readonly<Record<keyof typeof guarded, readonly Drain[]>>): readonly Result[] => {
		const [bare, ours, serial] = [paceOf(drains.bare), paceOf(drains.ours), paceOf(drains.serial)];
		return [
			line('fax in and fax ack in Node-RED', ours, 'faxes/s', ''),
			line('relative to a bare undici loop', (100 * ours) / bare, '%', `${bare.toFixed(0)} faxes/s`, {least: 85}),
			line('relative to one document at a time', ours / serial, 'times', `${serial.toFixed(1)} faxes/s`, {least: 8}),
		];
	};
	if (isShort) {
		return mostWanted(await alternate(rounds, guarded, progress));
	}

	const drains = await alternate(
		rounds,
		{
			...guarded,
			core: () => drain('core', {...service, faxes}, work),
			coreNodes: () => drain('node-red core-nodes', {...service, faxes}, work),
			slowBare: () => drain('bare', {...service, faxes, slowShare: 0.05}, work),
			slowOurs: () => drain('node-red ours', {...service, faxes, slowShare: 0.05}, work),
		},
		progress,
	);
	const pace = (name: keyof typeof drains): number => paceOf(drains[name]);
	return [
		...mostWanted(drains),
		line(
			'relative to the core without Node-RED',
			(100 * pace('ours')) / pace('core'),
			'%',
			`${pace('core').toFixed(0)} faxes/s`,
		),
		line(
			'relative to a flow of core nodes',
			pace('ours') / pace('coreNodes'),
			'times',
			`${pace('coreNodes').toFixed(0)} faxes/s`,
			{least: 2},
		),
		line(
			'5 % of the documents ten times slower',
			(100 * pace('slowOurs') * 1.45) / pace('ours'),
			'%',
			'what the mean predicts',
			{least: 80},
		),
		line('  the bare loop likewise', (100 * pace('slowBare') * 1.45) / pace('bare'), '%', 'what the mean predicts'),
	];
};
