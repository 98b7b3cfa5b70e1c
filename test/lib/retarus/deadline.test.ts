import should from 'should';
import {Deadline, type DeadlineOptions} from '../../../lib/retarus/deadline';
import {serve} from '../../world/http-server';
import {ManualClock} from '../../world/manual-clock';
import {readAll} from '../../world/read-all';
import {Clients} from '../../world/service-client';
import {turns} from '../../world/turns';

const poll = {topic: 't', fetch: 10, lockTimeoutMs: 300_000, ids: []};
const never = (): AbortSignal => new AbortController().signal;

describe('A deadline', () => {
	let clock = new ManualClock();
	beforeEach(() => {
		clock = new ManualClock();
	});

	const start = (reason: DeadlineOptions['reason'], catchUp?: DeadlineOptions['catchUp'], owner = never()): Deadline =>
		new Deadline({clock, owner, timeoutMs: 1000, reason, catchUp});

	it('passes at once where nothing can have arrived unseen', () => {
		const deadline = start('noAnswer');
		clock.advance(1000);
		should(deadline.signal.reason).match({code: 'RETARUS_TIMEOUT', reason: 'noAnswer', facts: {seconds: 1}});
	});

	it('waits for what has arrived, and passes when that is nothing', async () => {
		let caughtUp: () => void = () => undefined;
		const deadline = start(
			'noAnswer',
			() =>
				new Promise((resolve) => {
					caughtUp = resolve;
				}),
		);
		clock.advance(1000);
		await turns(2);
		should(deadline.signal.aborted).be.false();
		caughtUp();
		await turns(2);
		should(deadline.signal.aborted).be.true();
	});

	it('does not pass when the end has arrived by then', async () => {
		const deadline: Deadline = start('noAnswer', () => {
			deadline.clear();
			return Promise.resolve();
		});
		clock.advance(1000);
		await turns(2);
		should(deadline.signal.aborted).be.false();
		should(clock.pending).equal(0);
	});

	it('goes on reading while there is more, but not for ever', async () => {
		let chunks = 0;
		const deadline: Deadline = start('noAnswer', async () => {
			await Promise.resolve();
			chunks += 1;
			if (chunks < 50) {
				deadline.progress();
			}
		});
		clock.advance(1000);
		await turns(200);
		should(chunks).equal(50);
		should(deadline.signal.aborted).be.true();
		const dripping: Deadline = start('noAnswer', async () => {
			await Promise.resolve();
			dripping.progress();
		});
		clock.advance(1000);
		await turns(200);
		should(dripping.signal.aborted).be.true();
	});

	it('of silence begins again with what has arrived', async () => {
		let arrives = true;
		const deadline: Deadline = start('silent', () => {
			if (arrives) {
				deadline.progress();
			}

			return Promise.resolve();
		});
		clock.advance(1000);
		await turns(2);
		arrives = false;
		clock.advance(999);
		await turns(2);
		should(deadline.signal.aborted).be.false();
		clock.advance(1);
		await turns(2);
		should(deadline.signal.reason).match({reason: 'silent'});
	});

	it('lets its owner give up at once', () => {
		const owner = new AbortController();
		const deadline = start('noAnswer', () => new Promise(() => undefined), owner.signal);
		const reason = new Error('closing');
		owner.abort(reason);
		should(deadline.signal.reason).equal(reason);
	});
});

describe('A timer that comes late, after the event loop was blocked,', () => {
	const clients = new Clients();

	it('does not throw away an answer that lies in the socket', async () => {
		const server = await serve((_, response) => {
			response.end('{"results":[{"id":"a"}]}');
			clients.clock.advance(30_000);
		});
		const answer = await clients.make(server.origin).exchange(poll, 30_000, never());
		should(answer.listings.map(({id}) => id)).deepEqual(['a']);
	});

	it('does not throw away a large one either', async () => {
		const note = 'x'.repeat(2_000_000);
		const server = await serve((_, response) => {
			response.end(JSON.stringify({results: [{id: 'a', note}]}));
			clients.clock.advance(30_000);
		});
		const answer = await clients.make(server.origin).exchange(poll, 30_000, never());
		should(answer.listings.length).equal(1);
	});

	it('does not break off a download that goes on', async () => {
		const content = Buffer.alloc(1_000_000, 'x');
		const server = await serve((_, response) => {
			response.writeHead(200, {'content-length': content.length});
			response.write(content.subarray(0, 10));
			setImmediate(() => {
				response.end(content.subarray(10));
				clients.clock.advance(30_000);
			});
		});
		const stream = await clients.make(server.origin).download('a.pdf', {id: 'a', topic: 't'}, never());
		should((await readAll(stream)).length).equal(content.length);
	});
});
