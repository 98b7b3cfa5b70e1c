import type {NodeStatus} from 'node-red';
import should from 'should';
import type {TopicStatus} from '../../lib/account/topic-status';
import {age} from '../../nodes/age';
import {FullFlow} from '../../nodes/full-flow';
import {faxInStatus} from '../../nodes/status';
import {StatusLight} from '../../nodes/status-light';
import {until} from '../world/turns';
import {usual} from '../world/receiving';
import {startFlow} from './flow';

const minute = 60_000;
const now = Date.UTC(2026, 10, 23);

const statusOf = (inFlight: number, oldestForMs?: number): TopicStatus => ({
	state: {kind: inFlight >= 10 ? 'full' : 'idle'},
	inFlight,
	unconfirmed: 0,
	setAside: 0,
	counts: {delivered: 0, acknowledged: 0, redelivered: 0, failed: 0},
	oldestDeliveryMs: oldestForMs === undefined ? undefined : now - oldestForMs,
	oldestFaxMs: undefined,
	nextDeletionMs: undefined,
});

describe('An age', () => {
	for (const [ms, text] of [
		[-5, '0 s'],
		[59_999, '59 s'],
		[minute, '1 min'],
		[60 * minute - 1, '59 min'],
		[60 * minute, '1 h'],
		[48 * 60 * minute - 1, '47 h'],
		[50 * 60 * minute, '2 d'],
	] as const) {
		it(`shows ${ms} ms as ${text}`, () => {
			should(age(ms)).equal(text);
		});
	}
});

describe('A full flow', () => {
	const text = (status: TopicStatus): string | undefined => faxInStatus(status.state, status, 10, 'none', now).text;

	it('shows the age of its oldest fax after a minute, and only while it is full', () => {
		should([
			text(statusOf(10, 4 * minute)),
			text(statusOf(10, minute - 1)),
			text(statusOf(10)),
			text(statusOf(9, 4 * minute)),
		]).deepEqual(['10/10 · 4 min', '10/10', '10/10', '9/10']);
	});

	it('is logged once until there is room, when half the processing time of its oldest fax is over', () => {
		const full = new FullFlow();
		const isNew = (inFlight: number, oldestForMs?: number): boolean | undefined =>
			full.check(statusOf(inFlight, oldestForMs), {...usual, processingTimeoutMs: 8 * minute}, now)?.isNew;
		should([isNew(10), isNew(10, 3 * minute), isNew(10, 4 * minute), isNew(10, 5 * minute)]).deepEqual([
			undefined,
			false,
			true,
			false,
		]);
		should([isNew(9, 5 * minute), isNew(10, 5 * minute)]).deepEqual([undefined, true]);
	});

	it('appears in the log and in the status data, with a growing age', async () => {
		const flow = await startFlow({faxes: 2, faxIn: {maxInFlight: 1, processingTimeout: 4}});
		await flow.message('received');
		await flow.until(() => flow.status('in')?.full === 'full {"held":1,"most":1,"age":"0 s","topic":"demo"}');
		await flow.until(() => flow.status('in')?.full?.includes('"age":"2 s"') === true);
		should(flow.status('in')).match({fill: 'yellow', text: '1/1'});
		flow
			.warnings()
			.filter((warning) => warning.startsWith('full '))
			.should.deepEqual(['full {"held":1,"most":1,"age":"2 s","topic":"demo"}']);
	});
});

describe('A status with an age', () => {
	const light = (shown: unknown[]): StatusLight =>
		new StatusLight({
			status(status: NodeStatus | string) {
				shown.push(typeof status === 'string' ? status : status.text);
			},
		});
	const counts = {inFlight: 0, unconfirmed: 0, delivered: 0, acknowledged: 0, redelivered: 0, failed: 0};

	it('refreshes until it has no age, or its node is closed', async () => {
		const closed: unknown[] = [];
		const other = light(closed);
		other.show(() => ({text: String(closed.length), counts, full: 'full'}), 1);
		other.close();
		const shown: unknown[] = [];
		let asked = 0;
		const one = light(shown);
		one.show(() => {
			asked += 1;
			return {text: String(asked), counts, ...(asked < 3 && {full: 'full'})};
		}, 1);
		await until(() => shown.length === 3);
		one.close();
		should([shown, closed]).deepEqual([['1', '2', '3'], ['0']]);
	});
});
