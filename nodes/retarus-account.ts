/** Registers the account node, which owns the connection that its users share. */
import type {NodeDef, NodeInitializer} from '@node-red/registry';
import {ConfigError, type RetarusError} from '../lib/errors';
import {accountDefaults, type AccountConfig, type AccountCredentials} from '../lib/node-config';
import type {Notice, Step} from '../lib/faxes/events';
import type {AccountNode} from './account-node';
import {runConnectionTest} from './admin/connection-test';
import {addRoute} from './admin/routes';
import {readAccount} from './account-settings';
import {audit} from './audit';
import {runtimeOf} from './runtime';
import {faxInText, recoveryText, translated} from './texts';

const init: NodeInitializer = (RED) => {
	const runtime = runtimeOf(RED);
	addRoute(RED, {
		method: 'post',
		path: '/retarus-account/test',
		permission: 'retarus-account.write',
		async handle(request, response) {
			response.json(await runConnectionTest(RED, request.body));
		},
	});

	function RetarusAccount(this: AccountNode, config: AccountConfig & NodeDef): void {
		RED.nodes.createNode(this, config);
		try {
			if (runtime.folderProblem) {
				throw runtime.folderProblem;
			}

			const setup = readAccount(RED, {...accountDefaults, ...config}, this.credentials);
			const {settings, weakness, host} = setup;
			const own = runtime.accounts.hold(settings);
			this.connection = {
				kind: 'ready',
				setup,
				account: own.account,
				way: own.connection,
				hold: () => runtime.accounts.hold(settings),
			};
			const reportTrouble = (topic: string, error: RetarusError): void => {
				this.error(translated(RED, error), {topic});
			};
			const logRecovery = (topic: string, error: RetarusError, durationMs: number): void => {
				this.log(recoveryText(RED, topic, error, durationMs));
			};
			const reportNotice = (topic: string, notice: Notice): void => {
				if (notice.kind === 'acknowledgeSetAside') {
					const facts = {id: notice.id, topic};
					this.warn(faxInText(RED, `log.${notice.kind}`, facts, `${notice.kind} ${JSON.stringify(facts)}`));
					this.error(translated(RED, notice.error), {topic, fax: {...facts, account: this.id}});
				}
			};
			const auditStep = (topic: string, step: Step): void => {
				audit(RED, this, topic, step);
			};
			own.account
				.on('trouble', reportTrouble)
				.on('recovery', logRecovery)
				.on('notice', reportNotice)
				.on('step', auditStep);
			if (weakness !== 'none') {
				this.warn(faxInText(RED, `log.${weakness}`, {host}, `${host}: ${weakness}`));
			}

			this.on('close', (done: () => void) => {
				own.account
					.off('trouble', reportTrouble)
					.off('recovery', logRecovery)
					.off('notice', reportNotice)
					.off('step', auditStep);
				void own.release().then(done);
			});
		} catch (error) {
			// Each node that uses the account reports the error itself.
			this.connection = {
				kind: 'broken',
				error: error instanceof ConfigError ? error : new ConfigError('accountBroken', {problem: String(error)}),
			};
		}
	}

	RED.nodes.registerType<AccountNode, AccountConfig & NodeDef, object, AccountCredentials>(
		'retarus-account',
		RetarusAccount,
		{
			credentials: {
				customerNumber: {type: 'text'},
				password: {type: 'password'},
			},
		},
	);
};

export = init;
