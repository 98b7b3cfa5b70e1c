import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import {root} from '../../scripts/setup.mjs';

const read = (name: string): Record<string, unknown> =>
	JSON.parse(readFileSync(join(root, name), 'utf8')) as Record<string, unknown>;

describe('package.json', () => {
	const manifest = read('package.json');

	it('declares the promised name, licence and versions', () => {
		manifest.should.have.properties({
			name: '@faxbridge/node-red-retarus-fax',
			license: 'Apache-2.0',
			engines: {node: '>=20.18.1'},
		});
		should(manifest['node-red']).have.property('version', '>=4.0.0');
	});

	it('depends on undici alone', () => {
		Object.keys(manifest.dependencies as object).should.deepEqual(['undici']);
		for (const field of ['peerDependencies', 'optionalDependencies', 'bundleDependencies', 'bundledDependencies']) {
			manifest.should.not.have.property(field);
		}
	});

	it('runs no script on installation', () => {
		manifest.scripts?.should.not.have.keys('preinstall', 'install', 'postinstall', 'prepare');
	});

	it('exports nothing, since Node-RED loads nodes by path', () => {
		should(manifest.exports).deepEqual({'./package.json': './package.json'});
	});

	it('is released together with the simulator, which depends on nothing', () => {
		const simulator = read('simulator/package.json');
		should(simulator).have.properties({name: '@faxbridge/retarus-fax-simulator', version: manifest.version});
		should(simulator).not.have.any.keys('dependencies', 'peerDependencies', 'optionalDependencies');
	});
});

describe('package-lock.json', () => {
	it('names no registry, so that any mirror works', () => {
		readFileSync(join(root, 'package-lock.json'), 'utf8').should.not.match(
			/"resolved": "(?!simulator")|https?:\/\/[^"]*\.tgz/,
		);
	});
});
