/** The account node as the other nodes see it. */
import type {Node, NodeAPI} from '@node-red/registry';
import type {Account} from '../lib/account/account';
import type {AccountHold} from '../lib/account/accounts';
import type {Connection as ServiceConnection} from '../lib/retarus/connection';
import {ConfigError} from '../lib/errors';
import type {AccountCredentials} from '../lib/node-config';
import type {AccountSetup} from './account-settings';

export type Connection =
	| {
			readonly kind: 'ready';
			readonly setup: AccountSetup;
			readonly account: Account;
			readonly way: ServiceConnection;
			hold(): AccountHold;
	  }
	| {readonly kind: 'broken'; readonly error: ConfigError};

export interface AccountNode extends Node<AccountCredentials> {
	connection?: Connection;
}

/** @throws ConfigError with the reason `missing` if there is no such account */
export const findAccount = (RED: NodeAPI, id: string, missing: 'accountMissing' | 'accountUnknown'): Connection => {
	const node: unknown = id === '' ? undefined : RED.nodes.getNode(id);
	const connection = isAccountNode(node) ? node.connection : undefined;
	if (!connection) {
		throw new ConfigError(missing, {account: id});
	}

	return connection;
};

export const isAccountNode = (node: unknown): node is AccountNode =>
	typeof node === 'object' &&
	node !== null &&
	'type' in node &&
	node.type === 'retarus-account' &&
	'connection' in node;
