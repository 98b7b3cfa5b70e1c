import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import should from 'should';
import type {AccountSettings} from '../../../lib/retarus/connection';
import {Accounts, type AccountHold} from '../../../lib/account/accounts';
import {realEnvironment} from '../../../lib/environment';
import {serve} from '../../world/http-server';
import {rejection} from '../../world/turns';

describe('An account', () => {
	let folder: string;
	beforeEach(() => {
		folder = mkdtempSync(join(tmpdir(), 'retarus-fax-test-'));
	});
	afterEach(() => {
		rmSync(folder, {recursive: true, force: true});
	});

	const ask = (hold: AccountHold): Promise<unknown> =>
		hold.connection.client.exchange(
			{topic: 't', fetch: 1, lockTimeoutMs: 60_000, ids: []},
			5000,
			new AbortController().signal,
		);

	it('lives until its last user is gone, in any order of closing', async () => {
		const server = await serve((_, response) => response.end('{"results":[]}'));
		const settings: AccountSettings = {
			baseUrl: `${server.origin}/faxin`,
			customerNumber: '99999',
			password: 'secret',
			requestTimeoutMs: 5000,
			isTrial: false,
			proxy: 'none',
		};
		const accounts = new Accounts(folder, realEnvironment);
		const accountNode = accounts.hold(settings);
		const faxIn = accounts.hold(settings);
		should(faxIn.account).equal(accountNode.account);
		await accountNode.release();
		should(await ask(faxIn)).deepEqual({listings: [], malformed: 0});
		await faxIn.release();
		should(await rejection(ask(faxIn))).match({code: 'RETARUS_NETWORK'});
	});

	it('is one for all users of a customer number, each with a connection of its own', async () => {
		const server = await serve((_, response) => response.end('{"results":[]}'));
		const settings = (customerNumber: string, password: string): AccountSettings => ({
			baseUrl: `${server.origin}/faxin`,
			customerNumber,
			password,
			requestTimeoutMs: 5000,
			isTrial: false,
			proxy: 'none',
		});
		const accounts = new Accounts(folder, realEnvironment);
		const [one, two, other] = [
			accounts.hold(settings('1', 'a')),
			accounts.hold(settings('1', 'b')),
			accounts.hold(settings('2', 'a')),
		];
		should([one.account === two.account, one.account === other.account, one.connection === two.connection]).deepEqual([
			true,
			false,
			false,
		]);
		await two.release();
		should(await rejection(ask(two))).match({code: 'RETARUS_NETWORK'});
		await ask(one);
		await ask(other);
		await Promise.all([one.release(), other.release()]);
	});
});
