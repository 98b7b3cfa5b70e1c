import type {Credentials, Flow, FlowNode} from '../../scripts/node-red/node-red.mjs';
import {accountDefaults, faxAckDefaults, faxInDefaults} from '../../lib/node-config';
import type {Simulator} from '../../simulator';

export type {Credentials, Flow, FlowNode};

/** The credentials that a simulator takes unless it is told otherwise. */
export const credentials = {customerNumber: '99999', password: 'secret'};

/** Where an account finds a simulator, or what stands before it. */
export const addressOf = ({baseUrl}: Pick<Simulator, 'baseUrl'>): {region: 'custom'; baseUrl: string} => ({
	region: 'custom',
	baseUrl,
});

interface ChainOptions {
	readonly faxIn?: Readonly<Record<string, unknown>>;
	/** Between fax in and fax ack; without wires, for these come from their order. */
	readonly between: readonly FlowNode[];
}

/** One tab with fax in, the nodes between, and fax ack, all on one wire. */
export const chain = (simulator: Pick<Simulator, 'baseUrl'>, {faxIn, between}: ChainOptions): Flow => {
	const line: readonly FlowNode[] = [
		{
			...faxInDefaults,
			id: 'fax-in',
			type: 'retarus-fax-in',
			account: 'account',
			topic: 'demo',
			pollInterval: 1,
			...faxIn,
		},
		...between,
		{...faxAckDefaults, id: 'fax-ack', type: 'retarus-fax-ack'},
	];
	return {
		flows: [
			{id: 'tab', type: 'tab', label: 'Test'},
			{...accountDefaults, id: 'account', type: 'retarus-account', ...addressOf(simulator)},
			...line.map((node, index) => ({
				...node,
				z: 'tab',
				x: 100 + 200 * index,
				y: 100,
				wires: [line.slice(index + 1, index + 2).map(({id}) => id)],
			})),
		],
		credentials: {account: credentials},
	};
};

/** The core node that writes files; `filename` is a JSONata expression. */
export const fileNode = (filename: string, overwrite: boolean): FlowNode => ({
	id: 'file',
	type: 'file',
	filename,
	filenameType: 'jsonata',
	appendNewline: false,
	createDir: true,
	overwriteFile: String(overwrite),
	encoding: 'none',
});
