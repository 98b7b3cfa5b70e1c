// Type-checks everything, emits the runtime with tsc and one script per editor form with esbuild, and lays dist/ out as Node-RED's loader expects it:
// template, icons and locales beside the node's .js file.
import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, chmodSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
const compile = (...options) => execFileSync(process.execPath, [tsc, ...options], {stdio: 'inherit'});

rmSync('dist', {recursive: true, force: true});
try {
	compile();
	compile('-p', 'tsconfig.editor.json');
} catch {
	// tsc has already said what is wrong.
	process.exit(1);
}

const forms = readdirSync('nodes').filter(name => name.endsWith('.html'));
mkdirSync(join('dist', 'nodes'), {recursive: true});
for (const form of forms) {
	const script = await build({
		entryPoints: [join('nodes', form.replace('.html', '.editor.ts'))],
		bundle: true,
		format: 'iife',
		target: 'es2020',
		charset: 'utf8',
		write: false,
	});
	const html = readFileSync(join('nodes', form), 'utf8');
	writeFileSync(join('dist', 'nodes', form), `${html}<script type="text/javascript">\n${script.outputFiles[0].text}</script>\n`);
}

for (const folder of ['icons', 'locales']) {
	cpSync(folder, join('dist', 'nodes', folder), {recursive: true});
}

chmodSync(join('dist', 'simulator', 'cli.js'), 0o755);
