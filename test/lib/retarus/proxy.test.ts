import should from 'should';
import {chooseProxy, type UsableProxy} from '../../../lib/retarus/proxy';

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;

const chosen = (env: NodeJS.ProcessEnv, origin = 'https://api.de1.retarus.com'): UsableProxy | undefined =>
	chooseProxy('environment', new URL(origin), env);

const refusal = (env: NodeJS.ProcessEnv, origin?: string): unknown => {
	try {
		return chosen(env, origin);
	} catch (error) {
		return error;
	}
};

describe('The proxy of the environment', () => {
	it('is none without a variable, or with an empty one', () => {
		should(chosen({})).be.undefined();
		should(chosen({HTTPS_PROXY: ''})).be.undefined();
		should(chosen({HTTPS_PROXY: 'http://a:1'}, 'http://fax.test')).be.undefined();
	});

	const addresses: readonly (readonly [string, string, string | undefined])[] = [
		['http://proxy:3128', 'http://proxy:3128', undefined],
		['proxy:3128', 'http://proxy:3128', undefined],
		['https://proxy/', 'https://proxy', undefined],
		[' http://proxy:3128 ', 'http://proxy:3128', undefined],
		['http://[::1]:3128', 'http://[::1]:3128', undefined],
		['http://user:password@proxy:3128', 'http://proxy:3128', basic('user:password')],
		['http://user:50%25off%23@proxy:3128', 'http://proxy:3128', basic('user:50%off#')],
		['http://user@proxy:3128', 'http://proxy:3128', basic('user:')],
		['user:p@ss@proxy:3128', 'http://proxy:3128', basic('user:p@ss')],
	];
	for (const [text, url, token] of addresses) {
		it(`is understood as ${text}`, () => {
			should(chosen({HTTPS_PROXY: text})).deepEqual({url, name: new URL(url).host, token});
		});
	}

	for (const text of [
		' ',
		'"http://proxy:3128"',
		'http://user:50%off@proxy:3128',
		'http://user:pa#ss@proxy:3128',
		'http://user:1#2@proxy:3128',
		'http://user:pa/ss@proxy:3128',
		'http://user:12/34@proxy:3128',
		'http://us?er:x@proxy:3128',
		'socks5://proxy:1080',
		'socks://proxy:1080',
		'ftp://proxy',
		'http://',
		'http://proxy:port',
		'http://proxy:99999',
	]) {
		it(`is a mistake in the variable, which is named and not shown, as ${text}`, () => {
			const error = refusal({HTTPS_PROXY: text});
			should(error).match({
				code: 'RETARUS_CONFIG',
				reason: 'proxyVariableInvalid',
				scope: 'account',
				facts: {variable: 'HTTPS_PROXY'},
			});
			should(String(error)).not.match(/50%off|pa#ss|pa\/ss/);
		});
	}

	it('names the variable that counts', () => {
		should(refusal({https_proxy: ' ', HTTPS_PROXY: 'http://a:1'})).match({facts: {variable: 'https_proxy'}});
		should(refusal({HTTP_PROXY: ' '})).match({facts: {variable: 'HTTP_PROXY'}});
		should(refusal({http_proxy: ' '}, 'http://fax.test')).match({facts: {variable: 'http_proxy'}});
	});

	it('is the lower case one first, and that for http where there is none for https', () => {
		should(chosen({https_proxy: 'a:1', HTTPS_PROXY: 'b:1', HTTP_PROXY: 'c:1'})?.name).equal('a:1');
		should(chosen({HTTPS_PROXY: 'b:1', HTTP_PROXY: 'c:1'})?.name).equal('b:1');
		should(chosen({HTTP_PROXY: 'c:1'})?.name).equal('c:1');
		should(chosen({https_proxy: '', HTTPS_PROXY: 'b:1'})).be.undefined();
	});

	it('is no matter where it does not count', () => {
		should(chosen({HTTP_PROXY: ' ', HTTPS_PROXY: 'a:1'})?.name).equal('a:1');
		should(chosen({HTTPS_PROXY: ' ', NO_PROXY: 'retarus.com'})).be.undefined();
	});

	const exceptions: readonly (readonly [string, string, boolean])[] = [
		['*', 'https://api.de1.retarus.com', true],
		['retarus.com', 'https://api.de1.retarus.com', true],
		['.retarus.com', 'https://api.de1.retarus.com', true],
		['*.retarus.com', 'https://api.de1.retarus.com', true],
		['RETARUS.com', 'https://api.de1.retarus.com', true],
		['localhost, api.de1.retarus.com', 'https://api.de1.retarus.com', true],
		['api.de1.retarus.com:443', 'https://api.de1.retarus.com', true],
		['api.de1.retarus.com:8443', 'https://api.de1.retarus.com', false],
		['arus.com', 'https://api.de1.retarus.com', false],
		['127.0.0.1', 'http://127.0.0.1:8899', true],
		['127.0.0.1:8899', 'http://127.0.0.1:8899', true],
		['127.0.0.0/8', 'http://127.0.0.1:8899', false],
		['::1', 'http://[::1]:8899', true],
		['[::1]', 'http://[::1]:8899', true],
		['[::1]:8899', 'http://[::1]:8899', true],
		['', 'http://127.0.0.1', false],
	];
	for (const [list, origin, isExcepted] of exceptions) {
		it(`is ${isExcepted ? 'not taken' : 'taken'} to ${origin} with NO_PROXY=${list}`, () => {
			const env = {HTTP_PROXY: 'a:1', NO_PROXY: list};
			should(chosen(env, origin) === undefined).equal(isExcepted);
		});
	}
});

describe('The proxy of an account', () => {
	const origin = new URL('https://fax.test');

	it('has its own credentials, or those in its address', () => {
		should(chooseProxy({url: 'http://p:1', username: 'u', password: '50%#'}, origin)?.token).equal(basic('u:50%#'));
		should(chooseProxy({url: 'http://u:p@p:1'}, origin)?.token).equal(basic('u:p'));
		should(chooseProxy({url: 'http://p:1', username: 'u'}, origin)?.token).equal(basic('u:'));
	});

	it('is taken whatever the environment says', () => {
		should(chooseProxy({url: 'http://p:1'}, origin, {NO_PROXY: '*', HTTPS_PROXY: ' '})?.name).equal('p:1');
		should(chooseProxy('none', origin, {HTTPS_PROXY: 'a:1'})).be.undefined();
	});
});
