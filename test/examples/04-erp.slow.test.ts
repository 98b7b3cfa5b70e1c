import 'should';
import {bytesOf} from '../../simulator/documents/document';
import type {FaxView} from '../../simulator';
import {Erp} from './counterparts/erp';
import {listings} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {isAcknowledged} from '../node-red/node-red-until';

const name = '04 - Post to an ERP';

describeExample(name, {}, (stage) => {
	let erp: Erp;

	beforeEach(async () => {
		erp = new Erp();
		await erp.open();
	});

	afterEach(() => erp.close());

	const isPosted = (fax: FaxView): boolean => {
		const entry = erp.entries.get(fax.facts.id);
		return (
			entry?.Documents.length === fax.documents.length &&
			fax.documents.every(
				(document, index) =>
					entry.Documents[index]?.FileName === document.name &&
					Buffer.from(entry.Documents[index].Content, 'base64').equals(bytesOf(document)),
			)
		);
	};

	const deploy = async (): Promise<void> => {
		stage().watch(isPosted);
		await stage().deploy(name, {ERP_URL: erp.url, ERP_USER: 'fax', ERP_PASSWORD: 'open sesame'});
	};

	it('makes one entry for each fax, with all its documents, and acknowledges none before', async () => {
		for (const sample of ['order', 'letter', 'prescription', 'notes'] as const) {
			stage().addFax({sample});
		}

		await deploy();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		erp.entries.size.should.equal(4);
		erp.requests.should.have.length(4);
		[...erp.entries.values()].map(({CalledNumber}) => CalledNumber).should.matchEach('+4989000002');
	});

	it('takes "already there" for a success, so that an answer that was lost makes no second entry', async () => {
		const fax = stage().addFax({sample: 'notes'});
		erp.mood = 'lostAnswer';
		await deploy();
		await stage().passUntil(() => isAcknowledged(fax));
		stage().early.should.be.empty();
		erp.entries.size.should.equal(1);
		// The first one was kept, the second one was there already.
		erp.requests.should.have.length(2);
		new Set(erp.requests.map(({headers}) => headers['idempotency-key'])).size.should.equal(1);
	});

	it('tries three times, then gives back, and acknowledges when the service is well again', async () => {
		const fax = stage().addFax({sample: 'order'});
		erp.mood = 'failing';
		await deploy();
		await stage().passUntil(() => listings(fax) > 1);
		(erp.requests.length >= 3).should.be.true();
		isAcknowledged(fax).should.be.false();

		erp.mood = 'silent';
		const listed = listings(fax);
		await stage().passUntil(() => listings(fax) > listed + 1);
		isAcknowledged(fax).should.be.false();

		erp.mood = 'well';
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		erp.entries.size.should.equal(1);
	});

	it('does not repeat at once what the service refuses, nor acknowledges it', async () => {
		const fax = stage().addFax({sample: 'order'});
		erp.mood = 'refusing';
		await deploy();
		await stage().until(() => erp.requests.length > 0);
		await stage().pass(60_000);
		erp.requests.should.have.length(1);
		isAcknowledged(fax).should.be.false();

		erp.mood = 'well';
		await stage().untilAllAcknowledged();
	});

	it('loses nothing while the service cannot be reached', async () => {
		await erp.close();
		const fax = stage().addFax({sample: 'notes'});
		await deploy();
		await stage().passUntil(() => listings(fax) > 1);
		isAcknowledged(fax).should.be.false();

		await erp.open();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
	});
});
