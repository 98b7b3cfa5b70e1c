import 'should';
import {bytesOf} from '../../simulator/documents/document';
import type {FaxView} from '../../simulator';
import {MailServer} from './counterparts/mail-server';
import {listings} from './counterparts/stage';
import {describeExample} from './counterparts/staged';
import {isAcknowledged} from '../node-red/node-red-until';

const name = '02 - Forward by e-mail';

describeExample(name, {modules: ['node-red-node-email']}, (stage) => {
	let server: MailServer;

	beforeEach(async () => {
		server = new MailServer();
		await server.open();
	});

	afterEach(() => server.close());

	const mailsOf = (fax: FaxView): MailServer['mails'] =>
		server.mails.filter(({messageId}) => messageId === `<${encodeURIComponent(fax.facts.id)}@retarus-fax>`);
	/** Whether a mail has all documents of the fax, byte for byte. */
	const isMailed = (fax: FaxView): boolean =>
		mailsOf(fax).some(({attachments}) =>
			fax.documents.every((document) =>
				attachments.some(({filename, content}) => filename === document.name && content.equals(bytesOf(document))),
			),
		);

	const deploy = async (): Promise<void> => {
		stage().watch(isMailed);
		await stage().deploy(name, {
			SMTP_HOST: '127.0.0.1',
			SMTP_PORT: String(server.port),
			SMTP_USER: 'fax@example.com',
			SMTP_PASSWORD: 'open sesame',
			MAIL_FROM: 'fax@example.com',
			MAIL_TO: 'office@example.com, archive@example.com',
		});
	};

	it('sends one mail per fax, with all its documents, before it acknowledges the fax', async () => {
		const faxes = (['order', 'letter', 'prescription', 'notes'] as const).map((sample) => stage().addFax({sample}));
		await deploy();
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		server.mails.should.have.length(faxes.length);
		faxes.map(isMailed).should.deepEqual([true, true, true, true]);
		for (const {from, to, subject, text} of server.mails) {
			from?.text.should.equal('fax@example.com');
			[to]
				.flat()
				.map((one) => one?.text)
				.join()
				.should.equal('office@example.com, archive@example.com');
			subject?.should.equal('Fax from +4989000001');
			text?.should.match(/^Fax from \+4989000001 to \+4989000002, (1 page|\d pages), \d{4}-/);
		}
	});

	it('acknowledges nothing while the mail server is down or refuses mail, then sends each mail once', async () => {
		await server.close();
		const fax = stage().addFax({sample: 'notes'});
		await deploy();
		await stage().passUntil(() => listings(fax) > 1);
		isAcknowledged(fax).should.be.false();

		server.refusal = 'Mailbox is full';
		await server.open();
		await stage().passUntil(() => server.connections > 0);
		isAcknowledged(fax).should.be.false();

		server.refusal = undefined;
		await stage().untilAllAcknowledged();
		stage().early.should.be.empty();
		mailsOf(fax).should.have.length(1);
	});
});
