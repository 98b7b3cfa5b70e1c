/** The button "Test connection" of the dialogs: what it sends, and what it may not. */
import type {Node, NodeAPI} from '@node-red/registry';
import {testConnection, type Finding} from '../../lib/account/connection-test';
import {realEnvironment} from '../../lib/environment';
import {ConfigError, RetarusError, type Facts} from '../../lib/errors';
import {accountDefaults, isVariable, topicProblem, type AccountConfig} from '../../lib/node-config';
import {isAccountNode, type AccountNode} from '../account-node';
import {readAccount} from '../account-settings';
import {fieldsOf, textOf, type Fields} from './fields';

/** What the dialog shows: a sentence of the catalogue, with its facts. */
export type TestResult =
	| (Finding & {readonly host: string})
	| {readonly kind: 'failed'; readonly reason: string; readonly facts: Facts};

/** How the editor hands on a password that it never had (Node-RED 4.1, editor-client/src/js/ui/editor.js). */
const untouched = '__PWRD__';

/** Rejects with what is none of our errors. @param body the values of the dialog, deployed or not */
export const runConnectionTest = async (RED: NodeAPI, body: unknown): Promise<TestResult> => {
	const request = fieldsOf(body);
	/** What variables of the environment hold, by what it stands for: whoever may test need not be one who may read these. */
	const held = new Map<string, string>();
	try {
		const found: unknown = RED.nodes.getNode(textOf(request, 'id'));
		const deployed = isAccountNode(found) ? found : undefined;
		const resolve = variables(RED, deployed, held);
		// The editor has none of an account whose dialog was never open.
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

/** A stored password, and what an environment variable holds, go nowhere but where they were deployed to go. */
const deployedBaseUrl = (deployed: AccountNode | undefined): string | undefined =>
	deployed?.connection?.kind === 'ready' ? deployed.connection.setup.settings.baseUrl : undefined;

/** A variable that is not set stays as it is, and is refused with its name. */
const variables =
	(RED: NodeAPI, node: Node | undefined, held: Map<string, string>) =>
	(value: string): string => {
		if (!isVariable(value)) {
			return value;
		}

		// Without a node there is no tab that could have variables of its own.
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

/** @throws ConfigError */
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
