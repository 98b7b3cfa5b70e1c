import {execFile} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import should from 'should';
import {startSimulator} from '../../simulator';
import {bytesOf} from '../../simulator/documents/document';
import {makeFolder, removeFolder} from '../../scripts/node-red/user-directory.mjs';

/**
 * Runs the vendor's own polling client, unchanged but for the URL. It needs Python with aiohttp (Debian:
 * python3-aiohttp) and a copy of github.com/retarus/retarus-python-fax, named by RETARUS_PYTHON_FAX.
 * A stand-in replaces its transport, the package retarus-common, unless PYTHONPATH provides that.
 */
const source = process.env.RETARUS_PYTHON_FAX ?? '';
const program = join(__dirname, 'vendor-client', 'poll.py');

(existsSync(join(source, 'retarus', 'fax_in_poll')) ? describe : describe.skip)(
	"The vendor's Python client",
	function () {
		this.timeout(30_000);

		it('lists, downloads and acknowledges faxes whose ids are full of special characters', async () => {
			const folder = makeFolder();
			const simulator = await startSimulator({accounts: [{customerNumber: '99999', passwords: ['???>>>']}]});
			const ids = [
				'K34A3QX3@J78AO6W.glaqsmucre101.QA1',
				'plus+plus',
				'per%cent%41',
				'a b',
				'ä&ö=ü',
				'#?;:\'"',
				'~!*()_-',
			];
			const faxes = ids.map((id) => simulator.addFax({id, sample: 'order'}));
			try {
				const path = [source, process.env.PYTHONPATH, join(__dirname, 'vendor-client')].filter(Boolean).join(':');
				const args = [program, simulator.baseUrl, '99999', '???>>>', 'demo', folder];
				const {stdout} = await promisify(execFile)(process.env.PYTHON ?? 'python3', args, {
					env: {...process.env, PYTHONPATH: path},
				});
				should(JSON.parse(stdout)).deepEqual({listed: ids, acknowledged: [], left: []});
				for (const fax of faxes) {
					fax.state.kind.should.equal('acknowledged', fax.facts.id);
					const [document] = fax.documents;
					if (document !== undefined) {
						// The client names the file after the last segment of the URL, without decoding it.
						const file = join(folder, encodeURIComponent(document.name).replaceAll('%40', '@'));
						readFileSync(file).equals(bytesOf(document)).should.be.true();
					}
				}
			} finally {
				await simulator.close();
				removeFolder(folder);
			}
		});
	},
);
