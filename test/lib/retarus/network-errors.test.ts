import {createServer as createTlsServer, type TlsOptions as ServerOptions} from 'node:tls';
import {once} from 'node:events';
import type {AddressInfo, Server} from 'node:net';
import should from 'should';
import {errorCode, needsPerson} from '../../../lib/errors';
import {ConnectFailure, networkError, type Route} from '../../../lib/retarus/network-errors';
import {authority, certificates, privateKey} from '../../proof/faults/certificates';
import {serveRaw} from '../../world/http-server';
import {Clients} from '../../world/service-client';
import {rejection} from '../../world/turns';

const coded = (code: string, more: object = {}): Error => Object.assign(new Error('no'), {code, ...more});

const route: Route = {
	url: new URL('https://fax.test:8443'),
	proxy: undefined,
	hasClientCertificate: false,
	phase: 'waiting',
	isStaleSocket: false,
};

const connecting = (cause: unknown, more: Partial<Route> = {}) =>
	networkError(new ConnectFailure('service', {cause}), {...route, ...more});
const proxied = (options: ErrorOptions & {readonly status?: number}) =>
	networkError(new ConnectFailure('proxy', options), {...route, proxy: 'proxy:3128'});

describe('A connection that cannot be made', () => {
	/** Code, reason, whether it needs a person. */
	const causes: readonly (readonly [string, string, boolean])[] = [
		['ENOTFOUND', 'hostNotFound', false],
		['EAI_AGAIN', 'hostNotFound', false],
		['EAI_FAIL', 'hostNotFound', false],
		['ECONNREFUSED', 'connectionRefused', false],
		['ETIMEDOUT', 'hostUnreachable', false],
		['UND_ERR_CONNECT_TIMEOUT', 'hostUnreachable', false],
		['EHOSTUNREACH', 'hostUnreachable', false],
		['ENETUNREACH', 'hostUnreachable', false],
		['EMFILE', 'machineRefuses', false],
		['EADDRNOTAVAIL', 'machineRefuses', false],
		['EPERM', 'machineRefuses', false],
		['ECONNRESET', 'connectionBroken', false],
		['CERT_HAS_EXPIRED', 'certificateExpired', true],
		['CERT_NOT_YET_VALID', 'certificateNotYetValid', true],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'certificateWrongName', true],
		['SELF_SIGNED_CERT_IN_CHAIN', 'certificateRefused', true],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificateRefused', true],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificateRefused', true],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificateRefused', true],
		['CERT_REVOKED', 'certificateRefused', true],
		['INVALID_CA', 'certificateRefused', true],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'tlsMixedUp', true],
		['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 'tlsFailed', false],
		['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'tlsFailed', false],
		['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tlsFailed', false],
		['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'tlsFailed', false],
		['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tlsFailed', false],
		['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'tlsFailed', false],
		['EPROTO', 'tlsFailed', false],
		['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'clientCertificateWanted', true],
		['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'tlsInvalid', true],
		['ERR_OSSL_PEM_NO_START_LINE', 'tlsInvalid', true],
		['ERR_CRYPTO_UNSUPPORTED_OPERATION', 'tlsInvalid', true],
		['ERR_OF_TOMORROW', 'unforeseen', false],
	];
	for (const [code, reason, isRed] of causes) {
		it(`by ${code} is ${reason}, and ${isRed ? 'needs a person' : 'passes'}`, () => {
			const error = connecting(coded(code));
			should(error.reason).equal(reason);
			should(needsPerson(error)).equal(isRed);
			if (error.code !== 'RETARUS_CONFIG') {
				should(error).match({code: 'RETARUS_NETWORK', phase: 'connecting'});
			}
		});
	}

	it('names the host, and the name alone when that is what cannot be found', () => {
		should(connecting(coded('ECONNREFUSED')).facts.host).equal('fax.test:8443');
		should(connecting(coded('ENOTFOUND')).facts.host).equal('fax.test');
		should(connecting(coded('ESERVFAIL', {syscall: 'getaddrinfo'})).reason).equal('hostNotFound');
	});

	it('to several addresses is judged by the one that tells most', () => {
		const both = (...codes: readonly string[]) => connecting(new AggregateError(codes.map((code) => coded(code))));
		should(both('ENETUNREACH', 'ECONNREFUSED').reason).equal('connectionRefused');
		should(both('ETIMEDOUT', 'EADDRNOTAVAIL').reason).equal('hostUnreachable');
		should(both('ENETUNREACH', 'EHOSTUNREACH').reason).equal('hostUnreachable');
	});

	it('for a certificate that this client showed is told from a passing alert', () => {
		const hasClientCertificate = true;
		for (const code of ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA']) {
			should(connecting(coded(code), {hasClientCertificate}).reason).equal('clientCertificateWanted');
		}
	});

	it('stops the account where all of its topics meet the same', () => {
		should(connecting(coded('CERT_HAS_EXPIRED')).scope).equal('account');
		should(connecting(coded('ERR_OSSL_PEM_NO_START_LINE')).scope).equal('account');
		should(connecting(coded('ECONNREFUSED')).scope).equal('topic');
		should(connecting(coded('EPROTO')).scope).equal('topic');
	});

	const ofProxy: readonly (readonly [Parameters<typeof proxied>[0], string, boolean, 'account' | 'topic'])[] = [
		[{status: 407}, 'proxyUnauthorized', true, 'account'],
		[{status: 403}, 'proxyForbidden', true, 'account'],
		[{status: 502}, 'proxyFailed', false, 'topic'],
		[{status: 503}, 'proxyFailed', false, 'topic'],
		[{cause: coded('ECONNREFUSED')}, 'proxyUnreachable', false, 'topic'],
		[{cause: coded('UND_ERR_SOCKET')}, 'proxyUnreachable', false, 'topic'],
		[{cause: coded('UND_ERR_HEADERS_TIMEOUT')}, 'proxyUnreachable', false, 'topic'],
		[{cause: coded('EPROTO')}, 'proxyUnreachable', false, 'topic'],
		[{cause: coded('ENOTFOUND')}, 'proxyNotFound', false, 'topic'],
		[{cause: coded('ERR_SSL_WRONG_VERSION_NUMBER')}, 'proxyTlsMixedUp', true, 'account'],
		[{cause: coded('CERT_HAS_EXPIRED')}, 'certificateExpired', true, 'account'],
	];
	for (const [options, reason, isRed, scope] of ofProxy) {
		it(`by a proxy's ${options.status ?? errorCode(options.cause)} is ${reason}, and names it`, () => {
			const error = proxied(options);
			should(error).match({reason, scope, phase: 'connecting'});
			should(needsPerson(error)).equal(isRed);
			should(error.message).containEql('proxy:3128').and.not.containEql('fax.test refuses');
		});
	}
});

describe('A connection that was made', () => {
	it('keeps what nobody foresaw as a fact', () => {
		const error = networkError(coded('ERR_OF_TOMORROW'), route);
		should(error).match({reason: 'unforeseen', facts: {detail: 'ERR_OF_TOMORROW'}});
		should(error.message).not.containEql('nothing to do');
	});

	it('says where it broke, and whether it was used before', () => {
		should(networkError(coded('ECONNRESET'), {...route, phase: 'body'})).match({
			reason: 'connectionBroken',
			phase: 'body',
		});
		should(networkError(coded('UND_ERR_SOCKET'), {...route, isStaleSocket: true})).match({
			reason: 'connectionBroken',
			isStaleSocket: true,
		});
	});
});

describe('A server that speaks TLS', () => {
	const clients = new Clients();
	const servers: Server[] = [];
	afterEach(() => {
		for (const server of servers.splice(0)) {
			server.close();
		}
	});
	const poll = {topic: 't', fetch: 10, lockTimeoutMs: 300_000, ids: []};
	const lookup = (_host: string, _options: object, callback: (...found: unknown[]) => void): void => {
		callback(null, [{address: '127.0.0.1', family: 4}]);
	};

	const ask = (port: number, tls: Readonly<Record<string, unknown>> = {}): Promise<unknown> =>
		rejection(
			clients
				.make(`https://fax.test:${port}`, {tls: {lookup, ...tls}})
				.exchange(poll, 30_000, new AbortController().signal),
		);

	const listen = async (options: ServerOptions): Promise<number> => {
		const server = createTlsServer(options, (socket) => socket.on('error', () => undefined));
		server.on('tlsClientError', () => undefined);
		servers.push(server);
		await once(server.listen(0, '127.0.0.1'), 'listening');
		return (server.address() as AddressInfo).port;
	};

	const cases = [
		['expired', 'certificateExpired'],
		['notYetValid', 'certificateNotYetValid'],
		['anotherHost', 'certificateWrongName'],
		['strangeAuthority', 'certificateRefused'],
		['selfSigned', 'certificateRefused'],
	] as const;
	for (const [name, reason] of cases) {
		it(`and shows a certificate that is ${name} is ${reason}`, async () => {
			const port = await listen({key: privateKey, cert: certificates[name]});
			should(await ask(port, {ca: authority})).match({reason, phase: 'connecting', scope: 'account'});
		});
	}

	it('and asks for a certificate of this client says so', async () => {
		const port = await listen({
			key: privateKey,
			cert: certificates.trusted,
			requestCert: true,
			rejectUnauthorized: true,
			minVersion: 'TLSv1.3',
		});
		should(await ask(port, {ca: authority})).match({reason: 'clientCertificateWanted', scope: 'account'});
	});

	it('of an old version only fails in a way that may pass', async () => {
		const port = await listen({key: privateKey, cert: certificates.trusted, maxVersion: 'TLSv1.2'});
		should(await ask(port, {ca: authority, minVersion: 'TLSv1.3'})).match({reason: 'tlsFailed', scope: 'topic'});
	});

	for (const alert of [40, 42, 80, 112]) {
		it(`and ends the handshake with alert ${alert} fails in a way that may pass`, async () => {
			const server = await serveRaw((_, socket) => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, alert])));
			const error = await ask(server.port);
			should(error).match({code: 'RETARUS_NETWORK', reason: 'tlsFailed', phase: 'connecting'});
		});
	}

	it('cannot be asked with a certificate and a key that do not belong together', async () => {
		const port = await listen({key: privateKey, cert: certificates.trusted});
		should(await ask(port, {cert: 'none', key: 'none'})).match({code: 'RETARUS_CONFIG', reason: 'tlsInvalid'});
	});
});
