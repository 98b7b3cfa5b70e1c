import {execFile} from 'node:child_process';
import {readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import should from 'should';
import {startSimulator, type Simulator} from '../../simulator';
import {bytesOf} from '../../simulator/documents/document';
import manifest from '../../package.json';
import {endAll, NodeRed} from '../../scripts/node-red/node-red.mjs';
import {root} from '../../scripts/setup.mjs';
import {chain, fileNode} from '../node-red/node-red-flow';
import {install, packProject, packSimulator, type Tarball} from '../../scripts/node-red/package.mjs';
import {untilAllAcknowledged} from '../node-red/node-red-until';
import {makeFolder, removeFolder} from '../../scripts/node-red/user-directory.mjs';

const types = ['retarus-account', 'retarus-fax-in', 'retarus-fax-ack'] as const;
const languages = ['en-US', 'de', 'fr', 'es-ES', 'ja'] as const;

/** The first example in this language in docs/simulator.md. */
const exampleOf = (language: 'js' | 'ts'): string =>
	new RegExp(`\n\`\`\`${language}\n([^]*?)\n\`\`\`\n`).exec(
		readFileSync(join(root, 'docs', 'simulator.md'), 'utf8'),
	)?.[1] ?? '';

/** What a user needs, and nothing that only developers do. */
const allowed = [
	/^(package\.json|README\.md|LICENSE)$/,
	/^dist\/lib\/((account|exchange|faxes|documents|retarus|ledger|pacing)\/)?[a-z-]+\.js$/,
	/^dist\/nodes\/(admin\/)?[a-z-]+\.(js|html)$/,
	// Scripts that the dialogs load on demand.
	/^resources\/(tiff|waiting-faxes)\.js$/,
	/^dist\/nodes\/icons\/retarus-fax-(in|ack)\.svg$/,
	/^dist\/nodes\/locales\/[\w-]+\/retarus-[a-z-]+\.(json|html)$/,
	// The core's fallback sentences.
	/^dist\/locales\/en-US\/retarus-account\.json$/,
	/^examples\/\d\d[ab]? - [\w (),-]+\.json$/,
];

/** The same of the simulator. */
const allowedInSimulator = [
	/^(package\.json|README\.md|dist\/LICENSE)$/,
	/^dist\/((api|control|documents|faults|faxes|http|recording)\/)?[a-z0-9-]+\.(js|d\.ts)$/,
	/^dist\/page\/(index\.html|page\.(js|css)|tiff\.js|icon\.svg)$/,
];

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

describe('The packed package', function () {
	this.timeout(120_000);

	let folder: string;
	let tarball: Tarball;
	let simulatorTarball: Tarball;
	let nodeRed: NodeRed;
	let simulator: Simulator;

	before(async () => {
		folder = makeFolder();
		tarball = await packProject(folder);
		await install(tarball, folder);
		simulatorTarball = await packSimulator(folder);
		simulator = await startSimulator();
		nodeRed = await NodeRed.start(folder);
	});

	after(async () => {
		await endAll();
		await simulator.close();
		removeFolder(folder);
	});

	it('contains only what a user needs, in less than 1 MB', () => {
		tarball.entries.filter((entry) => !allowed.some((pattern) => pattern.test(entry))).should.be.empty();
		tarball.bytes.should.be.below(1_000_000);
		simulatorTarball.entries
			.filter((entry) => !allowedInSimulator.some((pattern) => pattern.test(entry)))
			.should.be.empty();
	});

	it('installs undici alone, and runs no script', () => {
		const installed = join(folder, 'node_modules');
		const {packages} = readJson(join(installed, '.package-lock.json')) as {
			packages: Record<string, {hasInstallScript?: boolean}>;
		};
		should(Object.keys(packages).sort()).deepEqual([`node_modules/${manifest.name}`, 'node_modules/undici']);
		for (const [path, {hasInstallScript}] of Object.entries(packages)) {
			should(hasInstallScript).be.undefined();
			const {scripts = {}, gypfile} = readJson(join(folder, path, 'package.json')) as {
				scripts?: object;
				gypfile?: boolean;
			};
			should(
				Object.keys(scripts).filter(
					(name) => /^(pre|post)?install$|^(pre|post)?prepare$/.test(name) && path.endsWith(manifest.name),
				),
			).be.empty();
			should(gypfile).be.undefined();
		}
	});

	it('contains every node with its form and texts', () => {
		for (const type of types) {
			tarball.entries.should.containEql(`dist/nodes/${type}.js`);
			tarball.entries.should.containEql(`dist/nodes/${type}.html`);
			for (const language of languages) {
				tarball.entries.should.containEql(`dist/nodes/locales/${language}/${type}.json`);
				tarball.entries.should.containEql(`dist/nodes/locales/${language}/${type}.html`);
			}
		}
	});

	it('loads into Node-RED without an error', async () => {
		const sets = (await nodeRed.json('/nodes')) as readonly {
			module: string;
			types: readonly string[];
			err?: unknown;
			enabled: boolean;
			version: string;
		}[];
		sets.filter(({err}) => err !== undefined).should.be.empty();
		const ours = sets.filter(({module}) => module === manifest.name);
		ours.flatMap((set) => set.types).should.deepEqual([...types]);
		ours.every(({enabled, version}) => enabled && version === manifest.version).should.be.true();
	});

	for (const language of languages) {
		for (const type of types) {
			it(`serves the texts of ${type} in ${language}`, async () => {
				const catalogue: unknown = JSON.parse(readFileSync(join(root, 'locales', language, `${type}.json`), 'utf8'));
				((await nodeRed.json(`/locales/${manifest.name}/${type}?lng=${language}`)) as object).should.deepEqual(
					catalogue,
				);
			});
		}

		it(`serves the forms with their help in ${language}`, async () => {
			const html = await nodeRed.text('/nodes', {Accept: 'text/html', 'Accept-Language': language});
			for (const type of types) {
				html.should.containEql(`data-template-name="${type}"`);
				html.should.containEql(readFileSync(join(root, 'locales', language, `${type}.html`), 'utf8').trim());
			}
		});
	}

	it('serves its icons', async () => {
		const icons = (await nodeRed.json('/icons')) as Record<string, readonly string[]>;
		[...(icons[manifest.name] ?? [])].sort().should.deepEqual(['retarus-fax-ack.svg', 'retarus-fax-in.svg']);
		(await nodeRed.text(`/icons/${manifest.name}/retarus-fax-in.svg`)).should.containEql('<svg');
	});

	it('lists its examples in the import dialog', async () => {
		const examples = (await nodeRed.json(`/library/examples/flows/${manifest.name}`)) as readonly {fn: string}[];
		examples
			.map(({fn}) => `examples/${fn}.json`)
			.should.deepEqual(tarball.entries.filter((entry) => entry.startsWith('examples/')));
	});

	it('runs the JavaScript example of docs/simulator.md in another project', async () => {
		await install(simulatorTarball, folder);
		const file = join(folder, 'example.test.mjs');
		writeFileSync(file, exampleOf('js'));
		// Otherwise Node would report to this test run instead of printing.
		const {stdout} = await promisify(execFile)(process.execPath, ['--test', file], {
			cwd: folder,
			env: {...process.env, NODE_TEST_CONTEXT: undefined},
		});
		stdout.should.match(/^# pass 2$|^ℹ pass 2$/m);
	});

	it('type-checks the TypeScript example of docs/simulator.md under each module resolution', async () => {
		writeFileSync(join(folder, 'example.ts'), exampleOf('ts'));
		const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
		const types = ['--typeRoots', join(root, 'node_modules', '@types'), '--types', 'node'];
		for (const way of [
			['node16', 'node16'],
			['esnext', 'bundler', '--skipLibCheck'],
		] as const) {
			const options = [
				'--strict',
				'--noEmit',
				'--target',
				'es2022',
				'--lib',
				'es2022',
				'--module',
				way[0],
				'--moduleResolution',
				...way.slice(1),
				...types,
			];
			await promisify(execFile)(process.execPath, [compiler, ...options, 'example.ts'], {cwd: folder});
		}
	});

	it('receives faxes, writes every document and acknowledges', async () => {
		const archive = join(folder, 'faxes');
		const faxes = (['order', 'letter', 'prescription', 'notes'] as const).map((sample) => simulator.addFax({sample}));
		const file = fileNode(`${JSON.stringify(archive)} & "/" & filename`, true);
		await nodeRed.deploy(chain(simulator, {faxIn: {messagePer: 'document'}, between: [file]}));
		await untilAllAcknowledged(simulator);
		for (const document of faxes.flatMap(({documents}) => documents)) {
			readFileSync(join(archive, document.name)).equals(bytesOf(document)).should.be.true(document.name);
		}
	});

	it('keeps its state in one folder, free of documents, numbers and credentials', async () => {
		await nodeRed.end();
		const state = join(folder, 'retarus-fax');
		const text = readdirSync(state)
			.map((name) => readFileSync(join(state, name), 'latin1'))
			.join('\n');
		text.should.not.match(/%PDF|\+49|99999|secret/);
	});
});
