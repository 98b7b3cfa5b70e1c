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

	it('creates one entry per fax, with all its documents, before it acknowledges the fax', async () => {
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

	it('treats "already there" as success, so that a lost answer creates no second entry', async () => {
		const fax = stage().addFax({sample: 'notes'});
		erp.mood = 'lostAnswer';
		await deploy();
		await stage().passUntil(() => isAcknowledged(fax));
		stage().early.should.be.empty();
		erp.entries.size.should.equal(1);
		// The first request created the entry; the second found it there.
		erp.requests.should.have.length(2);
		new Set(erp.requests.map(({headers}) => headers['idempotency-key'])).size.should.equal(1);
	});

	it('tries three times, gives the fax back, and acknowledges it once the service has recovered', async () => {
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

		erp.mood = 'healthy';
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		erp.entries.size.should.equal(1);
	});

	it('neither retries immediately nor acknowledges a fax that the service refuses', async () => {
		const fax = stage().addFax({sample: 'order'});
		erp.mood = 'refusing';
		await deploy();
		await stage().until(() => erp.requests.length > 0);
		await stage().pass(60_000);
		erp.requests.should.have.length(1);
		isAcknowledged(fax).should.be.false();

		erp.mood = 'healthy';
		await stage().untilAllAcknowledged();
	});

	it('loses nothing while the service is unreachable', async () => {
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
