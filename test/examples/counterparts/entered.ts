import type {Simulator} from '../../../simulator';
import {addressOf, credentials, type Flow, type FlowNode} from '../../node-red/node-red-flow';

/** Values for the environment variables of a tab. Those of type `cred` go into the credentials. */
export type Entered = Readonly<Record<string, string>>;

interface Variable {
	readonly name: string;
	readonly type: string;
	readonly value?: string;
}

const variablesOf = (node: FlowNode): readonly Variable[] =>
	node.type === 'tab' ? (node.env as readonly Variable[]) : [];

/**
 * Fills in an example as its comment asks the user to, and changes nothing else: the address and the credentials of the
 * account, and the environment variables of the tab.
 */
export const entered = (example: readonly FlowNode[], simulator: Pick<Simulator, 'baseUrl'>, values: Entered): Flow => {
	const names = new Set(example.flatMap(variablesOf).map(({name}) => name));
	const unknown = Object.keys(values).filter((name) => !names.has(name));
	if (unknown.length > 0) {
		throw new Error(`The example has no ${unknown.join(', ')}.`);
	}

	const secrets = example.flatMap((node) =>
		variablesOf(node)
			.filter(({type}) => type === 'cred')
			.map(({name}) => [node.id, name] as const),
	);
	return {
		flows: example.map((node) => {
			switch (node.type) {
				case 'tab':
					return {
						...node,
						env: variablesOf(node).map((one) =>
							one.type === 'cred' ? one : {...one, value: values[one.name] ?? one.value},
						),
					};
				case 'retarus-account':
					return {...node, ...addressOf(simulator)};
				default:
					return node;
			}
		}),
		credentials: {
			...Object.fromEntries(example.filter(({type}) => type === 'retarus-account').map(({id}) => [id, credentials])),
			...Object.fromEntries(
				secrets.map(([id]) => [id, Object.fromEntries(secrets.map(([, name]) => [name, values[name] ?? '']))]),
			),
		},
	};
};
