import should from 'should';
import {StateError} from '../../../lib/errors';
import {LedgerOpening} from '../../../lib/exchange/ledger-opening';
import {TopicParts} from '../faxes/topic-parts';
import {turns, watch} from '../../world/turns';

describe('Opening a ledger', () => {
	let parts: TopicParts;
	let opening: LedgerOpening;
	beforeEach(() => {
		parts = new TopicParts();
		opening = new LedgerOpening(parts.context);
	});

	const remainingMs = (): number => opening.remainingMs(parts.environment.clock.now());

	it('may begin at first', () => {
		should([remainingMs(), opening.error]).deepEqual([0, undefined]);
	});

	it('makes the ledger usable and wakes the topic', async () => {
		await opening.begin();
		should([parts.ledger.isUsable, opening.error, remainingMs(), parts.wakes]).deepEqual([true, undefined, 0, 1]);
		should(parts.notices).be.empty();
	});

	it('is one attempt, however often it is asked for meanwhile', async () => {
		const opened = [watch(opening.begin()), watch(opening.begin())];
		should(remainingMs()).equal(Infinity);
		await turns();
		should(opened.map(({state}) => state)).deepEqual(['resolved', 'resolved']);
		should(parts.wakes).equal(1);
	});

	it('can be waited for, and so can nothing', async () => {
		await opening.settled();
		void opening.begin();
		await opening.settled();
		should(parts.ledger.isUsable).be.true();
	});

	it('tells where a damaged ledger was put', async () => {
		await parts.accept('a', 'b');
		await parts.ledger.close();
		const {environment} = parts;
		const path = '/state/t.journal';
		environment.files.put(path, (environment.files.get(path) ?? '').replace('"a"', '"x"'));
		parts = new TopicParts({environment});
		await new LedgerOpening(parts.context).begin();
		should(parts.notices).match([{kind: 'journalSetAside', path: /\.damaged-\d+$/}]);
		should(parts.ledger.isUsable).be.true();
	});

	it('tells those who wait for a confirmation what the ledger knows of it', async () => {
		await parts.accept('a', 'b');
		await parts.ledger.confirm('a');
		await parts.ledger.close();
		const {environment} = parts;
		parts = new TopicParts({environment});
		const outcomes = ['a', 'b'].map((id) => watch(parts.memory.confirmations.wait(id)));
		await new LedgerOpening(parts.context).begin();
		await turns();
		should(outcomes.map(({state}) => state)).deepEqual(['resolved', 'pending']);
	});

	describe('on a disk that refuses', () => {
		beforeEach(async () => {
			parts.environment.files.faults.open = true;
			await opening.begin();
		});

		it('says why, with the folder, and wakes the topic', () => {
			should(opening.error).be.instanceof(StateError);
			should(opening.error).match({reason: 'folderUnusable', facts: {folder: '/state', detail: 'EACCES'}});
			should(parts.wakes).equal(1);
		});

		it('may begin again every five seconds', () => {
			should(remainingMs()).equal(5000);
			parts.environment.clock.advance(4999);
			should(remainingMs()).equal(1);
			parts.environment.clock.advance(1);
			should(remainingMs()).equal(0);
		});

		it('keeps its error during the next attempt, until one succeeds', async () => {
			const {error} = opening;
			const opened = opening.begin();
			should([opening.error, remainingMs()]).deepEqual([error, Infinity]);
			await opened;
			should(opening.error).be.instanceof(StateError);
			parts.environment.files.mend();
			await opening.begin();
			should([opening.error, remainingMs(), parts.ledger.isUsable]).deepEqual([undefined, 0, true]);
		});
	});
});
