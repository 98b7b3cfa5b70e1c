import type {NetworkConditions} from '../faults/network';
import {Fields} from './fields';

/** Parses some of the conditions: `{"latencyMs": 500, "lostAnswerRate": 0.1}`. @throws RequestError 400 */
export function parseNetwork(body: unknown): Partial<NetworkConditions> {
	const fields = new Fields(body, 'The network');
	const conditions = {
		latencyMs: fields.integer('latencyMs', 0, 600_000),
		bytesPerSecond: fields.integer('bytesPerSecond', 0, 1_000_000_000),
		unavailableRate: fields.number('unavailableRate', 0, 1),
		resetRate: fields.number('resetRate', 0, 1),
		lostAnswerRate: fields.number('lostAnswerRate', 0, 1),
	};
	fields.finish();
	return Object.fromEntries(Object.entries(conditions).filter(([, value]) => value !== undefined));
}
