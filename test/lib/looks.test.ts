import 'should';
import {AuthError, TimeoutError} from '../../lib/errors';
import {Receiving} from '../helpers/receiving';
import {turns} from '../helpers/turns';

describe('Looking at what waits on a topic', () => {
	it('lists it with a lock of one second, takes nothing and acknowledges nothing', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a', 'b', 'c');
		const listings = await receiving.topic.look(2);
		listings.map(({id}) => id).should.deepEqual(['a', 'b']);
		receiving.retarus.exchanges.map(({fetch, timeoutMs, ids}) => ({fetch, timeoutMs, ids})).should.deepEqual([{fetch: 2, timeoutMs: 1000, ids: []}]);
		receiving.topic.held.size.should.equal(0);
		receiving.delivered.should.be.empty();
	});

	it('leaves the faxes to the receiver, which gets them when the second is over', async () => {
		const receiving = new Receiving();
		await receiving.receive({pollIntervalMs: 5000});
		receiving.retarus.add('a');
		await receiving.topic.look(10);
		receiving.delivered.should.be.empty();
		await receiving.pass(6000);
		receiving.deliveries.should.deepEqual(['a 1']);
	});

	it('waits for the request under way, so that there is never more than one', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a', 'b');
		const looks = [receiving.topic.look(1), receiving.topic.look(1)];
		(await Promise.all(looks)).map(listings => listings.map(({id}) => id)).should.deepEqual([['a'], ['b']]);
	});

	it('has the failure of the request before it as its answer', async () => {
		const receiving = new Receiving();
		receiving.retarus.fate = () => 'hangs';
		await receiving.receive();
		const look = receiving.topic.look(3).should.be.rejectedWith(TimeoutError);
		await receiving.pass(30_000);
		await look;
		receiving.retarus.exchanges.length.should.equal(1);
	});

	it('does not disturb the deliveries that the flow works on, and shows them', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a');
		await receiving.receive();
		receiving.deliveries.should.deepEqual(['a 1']);
		(await receiving.topic.look(10)).should.be.empty();
		[...receiving.topic.held].map(([id, {state}]) => `${id} ${state}`).should.deepEqual(['a delivered']);
	});

	it('says why it could not be done, and lets the topic know as any other request does', async () => {
		const receiving = new Receiving();
		receiving.retarus.fate = () => ({status: 401});
		await receiving.topic.look(10).should.be.rejectedWith(AuthError);
		receiving.topic.status.state.kind.should.equal('trouble');
		await receiving.topic.look(10).should.be.rejectedWith(AuthError);
		receiving.retarus.exchanges.length.should.equal(1);
	});

	it('tries although the topic waits for its next try, for a person asks', async () => {
		const receiving = new Receiving();
		receiving.retarus.fate = () => ({status: 500});
		await receiving.receive();
		receiving.topic.status.state.kind.should.equal('trouble');
		receiving.retarus.fate = () => undefined;
		receiving.retarus.add('a');
		(await receiving.topic.look(10)).map(({id}) => id).should.deepEqual(['a']);
	});

	it('ends when the account is closed', async () => {
		const receiving = new Receiving();
		receiving.retarus.fate = () => 'hangs';
		const look = receiving.topic.look(10).should.be.rejected();
		await turns();
		const closed = receiving.account.close();
		await receiving.pass(2000);
		await closed;
		await look;
	});
});
