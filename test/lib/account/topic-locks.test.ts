import should from 'should';
import type {Step} from '../../../lib/faxes/events';
import {endOf, minute, Receiving} from '../../world/receiving';
import {turns, watch} from '../../world/turns';

describe('The locks of a topic', () => {
	let receiving: Receiving;
	let steps: Step[];
	beforeEach(() => {
		receiving = new Receiving();
		steps = [];
		receiving.topic.on('step', (step) => steps.push(step));
	});
	afterEach(() => endOf(receiving));

	/** The answer to the first poll comes so much later, by the clock on the wall. */
	const answersAfter = (ms: number): void => {
		let isFirst = true;
		receiving.retarus.fate = (request) => {
			if (isFirst && request.kind === 'exchange') {
				isFirst = false;
				receiving.clock.jumpWall(ms);
			}

			return undefined;
		};
	};

	it('count from when the poll was sent, not from when its answer came', async () => {
		receiving.retarus.add('a');
		answersAfter(minute);
		const sentMs = receiving.clock.now().wallMs;
		await receiving.receive({lockTimeoutMs: 5 * minute});
		should(receiving.delivered[0]?.lockedUntilMs).equal(sentMs + 5 * minute);
	});

	it('leave a fax to the service, uncounted, when they are over before its answer came, whatever the timers say', async () => {
		receiving.retarus.add('a');
		answersAfter(5 * minute);
		await receiving.receive({lockTimeoutMs: 5 * minute});
		should(receiving.deliveries).be.empty();
		should(receiving.retarus.downloads).be.empty();
		should(receiving.steps).deepEqual(['listed a', 'lapsed a']);
		await receiving.pass(6 * minute);
		should(receiving.deliveries).deepEqual(['a 1']);
	});

	it('let a flow acknowledge after their end, which is noted as late', async () => {
		receiving.retarus.add('a', 'b');
		await receiving.receive({lockTimeoutMs: minute, pollIntervalMs: 60 * minute, processingTimeoutMs: 5 * minute});
		await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(2 * minute)]);
		await Promise.all([receiving.topic.acknowledge({id: 'b', delivery: 1}), receiving.pass(1000)]);
		should(receiving.retarus.acknowledged).deepEqual(['a', 'b']);
		should(steps.filter(({step}) => step === 'accepted')).deepEqual([
			{step: 'accepted', id: 'a', delivery: 1},
			{step: 'accepted', id: 'b', delivery: 1, late: true},
		]);
	});

	it('make an acknowledgement late, too, when its delivery counts as failed', async () => {
		receiving.retarus.add('a');
		await receiving.receive({processingTimeoutMs: minute, lockTimeoutMs: 10 * minute});
		await receiving.pass(minute);
		await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(1000)]);
		should(steps.find(({step}) => step === 'accepted')).deepEqual({step: 'accepted', id: 'a', delivery: 1, late: true});
	});

	it('are taken by one request at a time', async () => {
		receiving.retarus.add(...Array.from({length: 40}, (_, index) => `f${index}`));
		const send = receiving.retarus.request.bind(receiving.retarus);
		let underWay = 0;
		let most = 0;
		receiving.retarus.request = async (request) => {
			const isExchange = request.method === 'POST';
			underWay += isExchange ? 1 : 0;
			most = Math.max(most, underWay);
			await turns(3);
			const response = await send(request);
			underWay -= isExchange ? 1 : 0;
			return response;
		};
		receiving.topic.on('delivery', ({id, delivery}) => void receiving.topic.acknowledge({id, delivery}));
		await receiving.receive({batchSize: 3});
		for (let time = 0; time < 20; time += 1) {
			void receiving.topic.poll();
			receiving.topic.wake();
			await receiving.pass(300);
		}

		await receiving.pass(minute);
		should(receiving.retarus.acknowledged.length).equal(40);
		should(most).equal(1);
	});

	it('are taken for no more faxes than there is room for, so that none waits until its lock is over', async () => {
		receiving.retarus.add(...Array.from({length: 30}, (_, index) => `f${index}`));
		await receiving.receive({maxInFlight: 4, batchSize: 10, lockTimeoutMs: minute, processingTimeoutMs: 60 * minute});
		await receiving.pass(10 * minute);
		should(receiving.delivered.length).equal(4);
		should(receiving.steps.filter((step) => step.startsWith('lapsed'))).be.empty();
		should(receiving.retarus.exchanges.every(({fetch}) => fetch <= 4)).be.true();
	});

	it('hide no fax behind failing ones that fill every answer', async () => {
		const failing = Array.from({length: 6}, (_, index) => `bad${index}`);
		for (const id of failing) {
			receiving.retarus.addFax(id, {});
		}

		receiving.retarus.add('good');
		// Their locks are over whenever somebody asks, so that the same ones are listed first each time.
		receiving.retarus.fate = () => {
			receiving.retarus.unlock();
			return undefined;
		};
		await receiving.receive({maxInFlight: 2, batchSize: 2, lockTimeoutMs: 10 * minute});
		await receiving.pass(5 * minute);
		should(receiving.deliveries).containEql('good 1');
	});

	it('end with an acknowledgement that the service applied but answered with an error, which is repeated', async () => {
		receiving.retarus.add('a');
		await receiving.receive();
		const send = receiving.retarus.request.bind(receiving.retarus);
		let fails = true;
		receiving.retarus.request = async (request) => {
			const response = await send(request);
			return fails && request.path.includes('ids=') ? {...response, status: 500} : response;
		};
		const acknowledged = watch(receiving.topic.acknowledge({id: 'a', delivery: 1}));
		await receiving.pass(minute);
		should([receiving.retarus.acknowledged, acknowledged.state]).deepEqual([['a'], 'pending']);
		fails = false;
		await receiving.pass(2 * minute);
		should(acknowledged.state).equal('resolved');
		should(receiving.deliveries).deepEqual(['a 1']);
	});

	it('are ended by no address that an answer names: meta is never followed', async () => {
		receiving.retarus.add('a', 'b');
		const paths: string[] = [];
		const send = receiving.retarus.request.bind(receiving.retarus);
		receiving.retarus.request = (request) => {
			paths.push(request.path);
			return send(request);
		};
		await receiving.receive();
		await Promise.all([receiving.topic.acknowledge({id: 'a', delivery: 1}), receiving.pass(20 * minute)]);
		should(paths.length).be.above(10);
		should(
			paths.filter(
				(path) => !/^\/faxin\/rest\/v1\/(topics\/t\?fetch=\d+&timeout=\d+(&ids=a)?|files\/[ab]\.pdf)$/.test(path),
			),
		).be.empty();
		should(receiving.retarus.acknowledged).deepEqual(['a']);
	});
});
