import {createRequire} from 'node:module';
import {join, relative} from 'node:path';
import {NodeRed} from '../node-red/node-red.mjs';
import {root} from '../setup.mjs';
import {variables} from './flow.mjs';
import {freePort} from './port.mjs';
import {screen} from './screen.mjs';
import {makeUserDirectory} from './user-directory.mjs';

const {startSimulator} = createRequire(import.meta.url)('@faxbridge/retarus-fax-simulator');
const ports = {simulator: 8899, editor: 1880};
const samples = ['order', 'letter', 'prescription', 'notes'];

/**
 * Sets up what a demo plays with: a simulator, a user directory, and a Node-RED whenever it is asked for one.
 * @param isKept whether what is drawn in the editor is there again next time
 * @throws Problem
 */
export async function openScene(isKept) {
	const userDirectory = makeUserDirectory(isKept);
	const archive = join(userDirectory, 'faxes');
	const simulatorPort = await freePort(ports.simulator);
	const editorPort = await freePort(ports.editor);
	const simulator = await startSimulator({port: simulatorPort});
	return {
		userDirectory,
		archive,
		simulator,
		/** Starts Node-RED and shows what it logs as an error. */
		nodeRed() {
			const nodeRed = new NodeRed(userDirectory, {
				port: editorPort,
				variables: variables({baseUrl: simulator.baseUrl, archive}),
			});
			nodeRed.onLine = (line) => {
				const [, error] = / - \[error\] (.*)/.exec(line) ?? [];
				if (error !== undefined) {
					screen.error(error);
				}
			};
			return nodeRed;
		},
		/** @param editor its address */
		showFacts(editor) {
			screen.fact('Simulator', simulator.baseUrl, taken(simulatorPort, ports.simulator));
			screen.fact('Editor', editor, taken(editorPort, ports.editor));
			screen.fact('Archive', relative(root, archive));
			screen.gap();
		},
		/** One of each kind. */
		addFaxes() {
			for (const sample of samples) {
				simulator.addFax({sample});
			}
		},
	};
}

const taken = (port, wanted) => (port === wanted ? '' : `port ${wanted} is taken`);
