import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import 'should';
import {isRecord} from '../../lib/json';
import type {FaxView} from '../../simulator';
import {MailServer} from './counterparts/mail-server';
import {isFiled} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {WebService} from './counterparts/web-service';
import {isAcknowledged} from '../node-red/node-red-until';

const name = '07 - Dead letter';

const faxOf = (body: Buffer): unknown => {
	const posted: unknown = JSON.parse(body.toString());
	return isRecord(posted) && isRecord(posted.fax) ? posted.fax.id : undefined;
};

describeExample(name, {modules: ['node-red-node-email']}, (stage) => {
	let server: MailServer;
	let posted: Set<unknown>;
	let refused: Set<unknown>;
	let attempts: unknown[];
	let application: WebService;

	beforeEach(async () => {
		server = new MailServer();
		await server.open();
		posted = new Set();
		refused = new Set();
		attempts = [];
		application = new WebService(({body}) => {
			const id = faxOf(body);
			attempts.push(id);
			if (refused.has(id)) {
				return [500];
			}

			posted.add(id);
			return [200];
		});
		await application.open();
	});

	afterEach(async () => {
		await server.close();
		await application.close();
	});

	const folderOf = ({facts}: FaxView): string => join(stage().folder, facts.id.replace(/[^\w-]/g, '_'));
	const noteOf = (fax: FaxView): string => readFileSync(join(folderOf(fax), '_fax.json'), 'utf8');
	const isReported = ({facts}: FaxView): boolean =>
		server.mails.some(({subject}) => subject === `Fax not processed: ${facts.id}`);
	/** Whether the fax was posted, or else reported by mail and kept in the folder. */
	const isSeen = (fax: FaxView): boolean =>
		posted.has(fax.facts.id) || (isReported(fax) && noteOf(fax).includes(fax.facts.id));

	const deploy = async (): Promise<void> => {
		stage().watch(isSeen);
		await stage().deploy(name, {
			APP_URL: application.origin,
			FAX_FOLDER: stage().folder,
			SMTP_HOST: '127.0.0.1',
			SMTP_PORT: String(server.port),
			SMTP_USER: 'fax@example.com',
			SMTP_PASSWORD: 'open sesame',
			MAIL_FROM: 'fax@example.com',
			MAIL_TO: 'office@example.com',
		});
	};

	it('stores a fax that was refused five times, reports it by mail, and only then acknowledges it', async () => {
		const good = stage().addFax({sample: 'notes'});
		const bad = stage().addFax({sample: 'notes'});
		refused.add(bad.facts.id);
		await deploy();
		await stage().passUntil(() => isAcknowledged(good));
		isAcknowledged(bad).should.be.false();

		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		attempts.filter((id) => id === bad.facts.id).should.have.length(5);
		server.mails.should.have.length(1);
		isFiled(bad, folderOf(bad)).should.be.true();
	});

	it('stores the metadata of a fax whose documents are gone', async () => {
		const fax = stage().addFax({sample: 'order'});
		stage().simulator.faults.add({fault: {kind: 'status', status: 404}, phase: 'document', times: 1000});
		await deploy();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		noteOf(fax).should.match(/RETARUS_DOCUMENT_GONE/);
		server.mails[0]?.text?.should.match(/RETARUS_DOCUMENT_GONE/);
		posted.size.should.equal(0);
	});

	it('acknowledges no dead letter while its folder is not writable or the mail server is down', async () => {
		const fax = stage().addFax({sample: 'letter'});
		refused.add(fax.facts.id);
		writeFileSync(stage().folder, 'A file where the folder should be.');
		await deploy();
		await stage().passUntil(() => attempts.length === 5);
		await stage().pass(2 * 3_600_000);
		isAcknowledged(fax).should.be.false();

		rmSync(stage().folder);
		await server.close();
		await stage().passUntil(() => isFiled(fax, folderOf(fax)));
		await stage().pass(60_000);
		isAcknowledged(fax).should.be.false();

		await server.open();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		isFiled(fax, folderOf(fax)).should.be.true();
		server.mails.should.have.length(1);
	});
});
