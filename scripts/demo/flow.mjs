import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {root} from '../setup.mjs';

/**
 * The environment that the flow is deployed with: where the service is and where documents go may change from start to
 * start.
 */
export const variables = ({baseUrl, archive}) => ({
	DEMO_BASE_URL: baseUrl,
	DEMO_CUSTOMER_NUMBER: '99999',
	DEMO_PASSWORD: 'secret',
	DEMO_FOLDER: archive,
});

const changes = {
	tab: {env: [{name: 'FAX_FOLDER', value: '${DEMO_FOLDER}', type: 'env'}]},
	'retarus-account': {region: 'custom', baseUrl: '${DEMO_BASE_URL}', name: 'Simulator'},
	'retarus-fax-in': {pollInterval: 2},
	comment: {name: 'From the simulator to a folder, then acknowledged. Enter in the terminal: one more.'},
};
const credentials = {customerNumber: '${DEMO_CUSTOMER_NUMBER}', password: '${DEMO_PASSWORD}'};

/**
 * The first example, with the simulator in place of the service.
 * @param faxIn properties of the fax in node
 */
export function demoFlow(faxIn = {}) {
	const example = JSON.parse(readFileSync(join(root, 'examples', '01 - Receive, archive, acknowledge.json'), 'utf8'));
	return {
		flows: example.map((node) => ({...node, ...changes[node.type], ...(node.type === 'retarus-fax-in' && faxIn)})),
		credentials: Object.fromEntries(
			example.filter(({type}) => type === 'retarus-account').map(({id}) => [id, credentials]),
		),
	};
}

/** Deploys the flow unless something is in the editor already. */
export async function deployFirst(nodeRed, flow) {
	if ((await nodeRed.json('/flows')).length === 0) {
		await nodeRed.deploy(flow);
	}
}
