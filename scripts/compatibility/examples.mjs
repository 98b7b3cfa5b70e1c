import {join} from 'node:path';

/** Nodes that examples name beside those of Node-RED itself, and where users get them. */
const palette = {'e-mail': 'node-red-node-email', sqlite: 'node-red-node-sqlite', sqlitedb: 'node-red-node-sqlite'};

/** What has a type in a flow and is no node. */
const structure = ['tab', 'group', 'subflow', 'junction'];

const credentials = {customerNumber: '99999', password: 'secret'};

/** An example as a user leaves it who has entered the account and chosen a folder. */
export function entered(example, {baseUrl, folder}) {
	const flows = example.map((node) => {
		switch (node.type) {
			case 'tab':
				return {
					...node,
					env: (node.env ?? []).map((one) => (one.name.endsWith('_FOLDER') ? {...one, value: folder} : one)),
				};
			case 'retarus-account':
				return {...node, region: 'custom', baseUrl};
			case 'retarus-fax-in':
				return {...node, pollInterval: 1};
			default:
				return node;
		}
	});
	return {
		flows,
		credentials: Object.fromEntries(
			example.filter(({type}) => type === 'retarus-account').map(({id}) => [id, credentials]),
		),
	};
}

/**
 * Imports an example as the dialog of the editor does, and lets it run.
 * Nodes of the palette that are not there keep Node-RED from starting a flow: the rest of it starts without them.
 * @returns what is wrong, each in a sentence
 */
export async function importExample(name, {nodeRed, library, baseUrl, userDirectory, knownTypes}) {
	const example = await nodeRed.json(`${library}/${encodeURIComponent(name)}`);
	const {flows, credentials} = entered(example, {baseUrl, folder: join(userDirectory, 'imported')});
	const unknown = [
		...new Set(flows.map(({type}) => type).filter((type) => !structure.includes(type) && !knownTypes.has(type))),
	];
	const comments = flows
		.filter(({type}) => type === 'comment')
		.map((node) => `${node.name} ${node.info}`)
		.join(' ');
	const unnamed = unknown.filter((type) => palette[type] === undefined || !comments.includes(palette[type]));
	const problems = unnamed.map(
		(type) => `${name}: the type ${type} is unknown, and the comment does not say where it comes from`,
	);
	const log = await deployed(nodeRed, {flows, credentials});
	if (unknown.length > 0) {
		const waitedFor = log.flatMap((line) => / - \[info\] {2}- (.+)$/.exec(line)?.[1].replace(/ \(.*\)$/, '') ?? []);
		problems.push(
			...waitedFor
				.filter((type) => !unknown.includes(type))
				.map((type) => `${name}: Node-RED waits for the type ${type}`),
		);
		await deployed(nodeRed, {flows: flows.filter(({type}) => !unknown.includes(type)), credentials});
	}

	const stored = await nodeRed.json('/flows');
	const missing = flows.filter(({id, type}) => !unknown.includes(type) && !stored.some((node) => node.id === id));
	return [...problems, ...missing.map(({id}) => `${name}: the node ${id} did not survive the import`)];
}

/**
 * Deploys, and waits until Node-RED says that the flows run, or which types they wait for.
 * @returns what it has printed since
 */
async function deployed(nodeRed, flow) {
	const before = nodeRed.log.length;
	await nodeRed.deploy(flow);
	const news = () => nodeRed.log.slice(before);
	await nodeRed.until('starts the flows', () =>
		news().some((line) => /Started flows|Waiting for missing types/.test(line)),
	);
	return news();
}
