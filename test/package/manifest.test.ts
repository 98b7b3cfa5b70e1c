import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {root} from '../../scripts/setup.mjs';

const read = (name: string): Record<string, unknown> =>
	JSON.parse(readFileSync(join(root, name), 'utf8')) as Record<string, unknown>;

describe('package.json', () => {
	const manifest = read('package.json');

	it('has the name, the licence and the versions of the contract', () => {
		manifest.should.have.properties({
			name: '@faxbridge/node-red-retarus-fax',
			license: 'Apache-2.0',
			engines: {node: '>=20.18.1'},
		});
		should(manifest['node-red']).have.property('version', '>=4.0.0');
	});

	it('brings undici, and nothing else', () => {
		Object.keys(manifest.dependencies as object).should.deepEqual(['undici']);
		for (const field of ['peerDependencies', 'optionalDependencies', 'bundleDependencies', 'bundledDependencies']) {
			manifest.should.not.have.property(field);
		}
	});

	it('runs nothing on the machine where the package is installed', () => {
		manifest.scripts?.should.not.have.keys('preinstall', 'install', 'postinstall', 'prepare');
	});

	it('exports the simulator for tests and nothing else; Node-RED loads nodes by their paths', () => {
		should(manifest.exports).deepEqual({
			'./testing': {types: './dist/simulator/index.d.ts', default: './dist/simulator/index.js'},
			'./package.json': './package.json',
		});
	});
});

describe('package-lock.json', () => {
	it('names no registry, so that any mirror serves', () => {
		readFileSync(join(root, 'package-lock.json'), 'utf8').should.not.match(/"resolved"|https?:\/\/[^"]*\.tgz/);
	});
});
