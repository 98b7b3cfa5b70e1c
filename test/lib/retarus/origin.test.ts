import should from 'should';
import {ByteBudget} from '../../../lib/documents/byte-budget';
import {Downloads} from '../../../lib/documents/downloads';
import {SharedGate} from '../../../lib/pacing/shared-gate';
import {Slots} from '../../../lib/pacing/slots';
import {documentSegment, listedDocuments} from '../../../lib/retarus/wire';
import {serve, type Seen, type TestServer} from '../../world/http-server';
import {Clients} from '../../world/service-client';
import {rejection, until, watch} from '../../world/turns';

const pdf = Buffer.from('%PDF-1.4\nwhole and longer than one piece\n%%EOF\n');
const never = (): AbortSignal => new AbortController().signal;

describe('The configured origin', () => {
	const clients = new Clients();

	const download = async (server: TestServer, url: string): Promise<Buffer | undefined> => {
		const connection = {client: clients.make(server.origin), gate: new SharedGate(clients.clock, () => 0)};
		const environment = {clock: clients.clock, random: () => 0, files: undefined as never};
		const downloads = new Downloads({
			connection: () => connection,
			environment,
			budget: new ByteBudget(1e6),
			slots: new Slots(2),
		});
		const listing = {
			id: 'a',
			documents: listedDocuments({documents: [{url}]}).map((document) => documentSegment(document)),
		};
		const outcome = watch(
			downloads.fetch({listing, topic: 't', maxBytes: 1e6, lockedForMs: () => 1e6, signal: never()}),
		);
		await until(() => {
			clients.clock.advance(0);
			return outcome.state !== 'pending';
		});
		outcome.value?.release();
		return outcome.value?.documents[0]?.content;
	};

	it('is asked for a document, whatever host its address names, and nobody else is', async () => {
		const elsewhere = await serve((_, response) => response.end(pdf));
		const server = await serve((_, response) => response.end(pdf));
		for (const url of [
			`${elsewhere.origin}/faxin/rest/v1/files/a.pdf`,
			`//127.0.0.1:${elsewhere.port}/a.pdf`,
			`\\\\127.0.0.1:${elsewhere.port}\\a.pdf`,
			`http://user:pw@127.0.0.1:${elsewhere.port}/a.pdf`,
			`a.pdf?next=${elsewhere.origin}`,
			`a.pdf#${elsewhere.origin}`,
		]) {
			should(await download(server, url)).deepEqual(pdf);
		}

		should(new Set(server.seen.map(({url}) => url))).deepEqual(new Set(['/faxin/rest/v1/files/a.pdf']));
		should(elsewhere.connections).equal(0);
	});

	it('alone gets credentials: no redirect is followed, neither of a poll nor of a document', async () => {
		const elsewhere = await serve((_, response) => response.end('{"results":[]}'));
		for (const status of [301, 302, 303, 307, 308]) {
			const server = await serve((_, response) =>
				response.writeHead(status, {location: `${elsewhere.origin}/faxin/rest/v1/x`}).end(),
			);
			const poll = clients
				.make(server.origin)
				.exchange({topic: 't', fetch: 1, lockTimeoutMs: 60_000, ids: []}, 30_000, never());
			should(await rejection(poll)).match({code: 'RETARUS_PROTOCOL', facts: {status}});
			should(await download(server, 'x/a.pdf')).be.undefined();
		}

		should(elsewhere.connections).equal(0);
	});

	it('is asked again from the first byte after a broken body: nothing of two answers is ever mixed', async () => {
		const server = await serve((_, response) => {
			if (server.seen.length < 3) {
				response.writeHead(200, {'content-length': pdf.length, 'accept-ranges': 'bytes'});
				response.write('%PDF-1.4\nBROKEN');
				setImmediate(() => response.destroy());
			} else {
				response.end(pdf);
			}
		});
		should(await download(server, 'x/a.pdf')).deepEqual(pdf);
		should(server.seen.map(({headers}: Seen) => [headers.range, headers['if-range']])).deepEqual([
			[undefined, undefined],
			[undefined, undefined],
			[undefined, undefined],
		]);
	});
});

describe('An error', () => {
	const clients = new Clients();

	it('is called by its code and status, whatever its text says', async () => {
		const server = await serve((_, response) =>
			response
				.writeHead(500, 'Unauthorized 401')
				.end('{"status":401,"error":"ENOTFOUND certificate 404 unknown topic"}'),
		);
		const poll = clients
			.make(server.origin)
			.exchange({topic: 't', fetch: 1, lockTimeoutMs: 60_000, ids: []}, 30_000, never());
		should(await rejection(poll)).match({code: 'RETARUS_SERVICE', status: 500});
	});
});
