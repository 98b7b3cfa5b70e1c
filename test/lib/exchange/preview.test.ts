import should from 'should';
import {AuthError, ServiceError, StateError, TimeoutError} from '../../../lib/errors';
import type {FaxDocument} from '../../../lib/fax';
import {pdf} from '../../world/fake-retarus';
import {minute, Receiving} from '../../world/receiving';
import {turns} from '../../world/turns';

describe('A look at what waits on a topic', () => {
	it('lists it with a lock of one second, and neither takes nor acknowledges anything', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a', 'b', 'c');
		const listings = await receiving.topic.preview.waiting(2);
		listings.map(({id}) => id).should.deepEqual(['a', 'b']);
		receiving.retarus.exchanges
			.map(({fetch, timeoutMs, ids}) => ({fetch, timeoutMs, ids}))
			.should.deepEqual([{fetch: 2, timeoutMs: 1000, ids: []}]);
		receiving.topic.preview.held.should.be.empty();
		receiving.delivered.should.be.empty();
	});

	it('leaves the faxes to the receiver, which gets them after that second', async () => {
		const receiving = new Receiving();
		await receiving.receive({pollIntervalMs: 5000});
		receiving.retarus.add('a');
		await receiving.topic.preview.waiting(10);
		receiving.delivered.should.be.empty();
		await receiving.pass(6000);
		receiving.deliveries.should.deepEqual(['a 1']);
	});

	it('waits for the request under way, so that there is never more than one', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a', 'b');
		const looks = [receiving.topic.preview.waiting(1), receiving.topic.preview.waiting(1)];
		(await Promise.all(looks)).map((listings) => listings.map(({id}) => id)).should.deepEqual([['a'], ['b']]);
	});

	it('fails with the request before it rather than wait for a pause', async () => {
		const receiving = new Receiving();
		receiving.retarus.fate = () => 'hangs';
		await receiving.receive();
		const look = receiving.topic.preview.waiting(3).should.be.rejectedWith(TimeoutError);
		await receiving.pass(30_000);
		await look;
		receiving.retarus.exchanges.length.should.equal(1);
	});

	it('shows the deliveries that the flow works on, and does not disturb them', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a');
		await receiving.receive();
		receiving.deliveries.should.deepEqual(['a 1']);
		(await receiving.topic.preview.waiting(10)).should.be.empty();
		receiving.topic.preview.held
			.map(({id, state, delivery}) => `${id} ${state} ${delivery ?? ''}`)
			.should.deepEqual(['a delivered 1']);
	});

	it('says why it failed, and tells the topic as any other request would', async () => {
		const receiving = new Receiving();
		receiving.retarus.fate = () => ({status: 401});
		await receiving.topic.preview.waiting(10).should.be.rejectedWith(AuthError);
		receiving.topic.status.state.kind.should.equal('trouble');
		await receiving.topic.preview.waiting(10).should.be.rejectedWith(AuthError);
		receiving.retarus.exchanges.length.should.equal(1);
	});

	it('tries at once although the topic waits for its next try: a person asks', async () => {
		const receiving = new Receiving();
		receiving.retarus.fate = () => ({status: 500});
		await receiving.receive();
		receiving.topic.status.state.kind.should.equal('trouble');
		receiving.retarus.fate = () => undefined;
		receiving.retarus.add('a');
		(await receiving.topic.preview.waiting(10)).map(({id}) => id).should.deepEqual(['a']);
	});

	it('tries at once although acknowledgements are in trouble', async () => {
		const receiving = new Receiving();
		await receiving.receive({pollIntervalMs: 0});
		receiving.retarus.fate = (request) =>
			request.kind === 'exchange' && request.ids.length > 0 ? {status: 500} : undefined;
		void receiving.topic.acknowledge({id: 'x'}).catch(() => undefined);
		await receiving.pass(10 * minute);
		receiving.topic.status.state.should.match({kind: 'trouble', error: {code: 'RETARUS_SERVICE'}});
		receiving.retarus.add('a');
		(await receiving.topic.preview.waiting(10)).map(({id}) => id).should.deepEqual(['a']);
	});

	it('ends when the account is closed', async () => {
		const receiving = new Receiving();
		receiving.retarus.fate = () => 'hangs';
		const look = receiving.topic.preview.waiting(10).should.be.rejected();
		await turns();
		const closed = receiving.account.close();
		await receiving.pass(2000);
		await closed;
		await look;
	});

	it('shows the documents of what it listed last, and of nothing else', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a');
		const {signal} = new AbortController();
		const document = (id: string, index: number): Promise<FaxDocument | undefined> =>
			receiving.topic.preview.document(id, index, 1024, signal);
		should(await document('a', 0)).be.undefined();
		const [fax] = await receiving.topic.preview.waiting(10);
		should(fax?.documents).deepEqual(['a.pdf']);
		should((await document('a', 0))?.content).deepEqual(pdf);
		should(await document('a', 1)).be.undefined();
		should(await document('b', 0)).be.undefined();
		receiving.retarus.downloads.map(({name}) => name).should.deepEqual(['a.pdf']);
	});

	it('tries a document once, because a person waits, and keeps nothing of it', async () => {
		const receiving = new Receiving();
		receiving.retarus.add('a');
		await receiving.topic.preview.waiting(10);
		receiving.retarus.fate = () => ({status: 500});
		await receiving.topic.preview
			.document('a', 0, 1024, new AbortController().signal)
			.should.be.rejectedWith(ServiceError);
		receiving.retarus.downloads.length.should.equal(1);
	});

	it('shows nothing of a topic whose state folder, and so whose queue, belongs to another process', async () => {
		const taken = new StateError('folderTaken', {folder: '/state'});
		const receiving = new Receiving({own: () => Promise.reject(taken)});
		await receiving.topic.preview.waiting(10).should.be.rejectedWith(StateError);
		receiving.retarus.exchanges.should.be.empty();
	});
});
