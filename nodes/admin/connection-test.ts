/** Runs the connection test of the dialogs, and keeps stored secrets from any address but their own. */
import type {Node, NodeAPI} from '@node-red/registry';
import {testConnection, type Finding} from '../../lib/account/connection-test';
import {realEnvironment} from '../../lib/environment';
import {ConfigError, RetarusError, type Facts} from '../../lib/errors';
import {isVariable, topicProblem} from '../../lib/config-checks';
import {accountDefaults, type AccountConfig} from '../../lib/node-config';
import {isAccountNode, type AccountNode} from '../account-node';
import {readAccount} from '../account-settings';
import {fieldsOf, textOf, type Fields} from './fields';

/** The outcome that the dialog shows as a sentence of the catalogue. */
export type TestResult =
	| (Finding & {readonly host: string})
	| {readonly kind: 'failed'; readonly reason: string; readonly facts: Facts};

/** The editor's placeholder for a stored password (Node-RED 4.1, editor-client/src/js/ui/editor.js). */
const untouched = '__PWRD__';

/**
 * Tests the values of a dialog, deployed or not. A user with the permission to test may not be allowed to read a stored
 * password or the server's environment. So both are sent only to the base URL they were deployed with, and an error
 * shows a variable by its name instead of its value. Without that, a test against any other host would reveal them.
 * Rejects only with an error that is not ours.
 * @param body of the editor's request
 */
export const runConnectionTest = async (RED: NodeAPI, body: unknown): Promise<TestResult> => {
	const request = fieldsOf(body);
	/** The variables by their values, to put the names back into an error. */
	const held = new Map<string, string>();
	try {
		const found: unknown = RED.nodes.getNode(textOf(request, 'id'));
		const deployed = isAccountNode(found) ? found : undefined;
		const resolve = variables(RED, deployed, held);
		// Until the account's dialog is opened, the editor has no credentials to send.
		const credentials = fieldsOf(
			request.credentials ?? {customerNumber: deployed?.credentials.customerNumber, password: untouched},
		);
		const isStored = textOf(credentials, 'password') === untouched;
		const {settings, host} = readAccount(RED, configOf(fieldsOf(request.account), resolve), {
			customerNumber: resolve(textOf(credentials, 'customerNumber')),
			password: isStored ? (deployed?.credentials.password ?? '') : resolve(textOf(credentials, 'password')),
		});
		const isSecretOfServer =
			isStored || [credentials.customerNumber, credentials.password, request.topic].some((value) => isVariable(value));
		if (isSecretOfServer && settings.baseUrl !== deployedBaseUrl(deployed)) {
			throw new ConfigError('passwordNeeded');
		}

		return {...(await testConnection(settings, topicOf(request, resolve), realEnvironment.clock)), host};
	} catch (error) {
		if (error instanceof RetarusError) {
			const facts = Object.entries(error.facts).map(
				([name, value]) => [name, held.get(String(value)) ?? value] as const,
			);
			return {kind: 'failed', reason: error.reason, facts: Object.fromEntries(facts)};
		}

		throw error;
	}
};

/** The only address that stored passwords and environment variables may be sent to. */
const deployedBaseUrl = (deployed: AccountNode | undefined): string | undefined =>
	deployed?.connection?.kind === 'ready' ? deployed.connection.setup.settings.baseUrl : undefined;

/** Returns a function that resolves variables. One that is not set stays as it is, and is later refused by its name. */
const variables =
	(RED: NodeAPI, node: Node | undefined, held: Map<string, string>) =>
	(value: string): string => {
		if (!isVariable(value)) {
			return value;
		}

		// Without a node there is no tab whose own variables could apply.
		const resolved: unknown = node
			? RED.util.evaluateNodeProperty(value, 'env', node, {})
			: process.env[value.slice(2, -1)];
		if (typeof resolved !== 'string' || resolved === '') {
			return value;
		}

		held.set(resolved, value);
		return resolved;
	};

const configOf = (account: Fields, resolve: (value: string) => string): AccountConfig => ({
	...accountDefaults,
	region: resolve(textOf(account, 'region')),
	baseUrl: resolve(textOf(account, 'baseUrl')),
	requestTimeout: resolve(textOf(account, 'requestTimeout')),
	tls: textOf(account, 'tls'),
	proxy: textOf(account, 'proxy'),
});

/** @throws ConfigError if the topic is invalid */
const topicOf = (request: Fields, resolve: (value: string) => string): string | undefined => {
	if (request.topic === undefined) {
		return undefined;
	}

	const topic = resolve(textOf(request, 'topic'));
	const problem = topicProblem(topic);
	if (problem) {
		throw new ConfigError(problem.reason, problem.facts);
	}

	return topic;
};
