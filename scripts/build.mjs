// Type-checks everything, compiles the runtime with tsc and one script per editor form with esbuild, and lays out dist/
// as Node-RED's loader expects it: template, icons and locales beside each node's .js file. A failed build leaves the
// previous dist/ untouched.
import {execFileSync} from 'node:child_process';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
const staging = mkdtempSync('.build-');
process.on('exit', () => {
	rmSync(staging, {recursive: true, force: true});
});

const output = join(staging, 'dist');
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
const compile = (...options) => execFileSync(process.execPath, [tsc, ...options], {stdio: 'inherit'});
try {
	compile('-p', 'tsconfig.build.json', '--outDir', output, '--declaration');
	compile('-p', join('nodes', 'editor'));
	compile('-p', join('simulator', 'page'));
} catch {
	// tsc has already reported the errors.
	process.exit(1);
}

const forms = readdirSync('nodes').filter((name) => name.endsWith('.html'));
mkdirSync(join(output, 'nodes'), {recursive: true});
for (const form of forms) {
	// Keep identifiers: Node-RED's scorecard reads the registration without running it, and errors in the browser stay
	// readable.
	const script = await build({
		entryPoints: [join('nodes', 'editor', 'forms', form.replace('.html', '.ts'))],
		bundle: true,
		format: 'iife',
		target: 'es2020',
		charset: 'utf8',
		minifySyntax: true,
		minifyWhitespace: true,
		write: false,
	});
	const html = readFileSync(join('nodes', form), 'utf8');
	writeFileSync(
		join(output, 'nodes', form),
		`${html}<script type="text/javascript">\n${script.outputFiles[0].text}</script>\n`,
	);
}

const page = join('simulator', 'page');
mkdirSync(join(output, page), {recursive: true});
/** The licences of bundled packages, as a banner. */
const licences = (names) =>
	names
		.map((name) => `/*! ${name}\n${readFileSync(join('node_modules', name, 'LICENSE'), 'utf8').trim()}\n*/`)
		.join('\n');
for (const [script, bundled] of [
	['page', []],
	['tiff', ['utif2', 'pako']],
]) {
	await build({
		entryPoints: [join(page, `${script}.ts`)],
		outfile: join(output, page, `${script}.js`),
		bundle: true,
		// Loaded only to show a TIFF.
		external: ['./tiff.js'],
		format: 'esm',
		target: 'es2022',
		charset: 'utf8',
		minify: true,
		banner: {js: licences(bundled)},
	});
}

for (const file of ['index.html', 'page.css', 'icon.svg']) {
	cpSync(join(page, file), join(output, page, file));
}

for (const folder of ['icons', 'locales']) {
	cpSync(folder, join(output, 'nodes', folder), {recursive: true});
}

keepDeclarations(join(output, 'simulator', 'index.d.ts'));
chmodSync(join(output, 'simulator', 'cli.js'), 0o755);
cpSync('LICENSE', join(output, 'simulator', 'LICENSE'));
// Scripts that the dialogs load on demand; Node-RED serves this folder to the editor. The dialogs share the TIFF
// decoder with the simulator's page.
const resources = join(staging, 'resources');
mkdirSync(resources);
cpSync(join(output, page, 'tiff.js'), join(resources, 'tiff.js'));
await build({
	entryPoints: [join('nodes', 'editor', 'waiting-faxes.ts')],
	outfile: join(resources, 'waiting-faxes.js'),
	bundle: true,
	format: 'esm',
	target: 'es2020',
	charset: 'utf8',
	minifySyntax: true,
	minifyWhitespace: true,
});
// The simulator is a package of its own, which the one of the nodes does not contain.
for (const [made, place] of [
	[join(output, 'simulator'), join('simulator', 'dist')],
	[output, 'dist'],
	[resources, 'resources'],
]) {
	rmSync(place, {recursive: true, force: true});
	renameSync(made, place);
}

/** Keeps only the declarations of `entry` and of what it imports: the rest is not part of the package's API. */
function keepDeclarations(entry) {
	const kept = new Set();
	const keep = (file) => {
		if (!kept.has(file)) {
			kept.add(file);
			for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)'/g)) {
				const target = join(dirname(file), path);
				keep([`${target}.d.ts`, join(target, 'index.d.ts')].find((name) => existsSync(name)));
			}
		}
	};
	keep(entry);
	for (const name of readdirSync(output, {recursive: true})) {
		const file = join(output, name);
		if (name.endsWith('.d.ts') && !kept.has(file)) {
			rmSync(file);
		}
	}
}
