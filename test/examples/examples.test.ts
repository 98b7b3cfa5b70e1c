import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import 'should';
import type {FlowNode} from '../node-red/node-red-flow';
import {root} from '../../scripts/setup.mjs';

const names = readdirSync(join(root, 'examples')).map((name) => name.replace('.json', ''));
const documentation = readFileSync(join(root, 'docs', 'examples.md'), 'utf8');
const example = (name: string): readonly FlowNode[] =>
	JSON.parse(readFileSync(join(root, 'examples', `${name}.json`), 'utf8')) as readonly FlowNode[];

const ownTypes = ['retarus-account', 'retarus-fax-in', 'retarus-fax-ack'];
const configTypes = ['retarus-account', 'sqlitedb', 'mqtt-broker'];

/** Nodes that do not come with Node-RED, with the module of each. */
const modules: Readonly<Record<string, string>> = {
	'e-mail': 'node-red-node-email',
	sqlite: 'node-red-node-sqlite',
	sqlitedb: 'node-red-node-sqlite',
};

/** The core nodes of Node-RED 4.1 that examples use. */
const coreTypes = [
	'catch',
	'change',
	'comment',
	'complete',
	'debug',
	'delay',
	'exec',
	'file',
	'file in',
	'function',
	'http in',
	'http request',
	'http response',
	'inject',
	'join',
	'mqtt in',
	'mqtt out',
	'mqtt-broker',
	'status',
	'switch',
	'tab',
];

for (const name of names) {
	describe(`The example "${name}"`, () => {
		it('has one tab, a position for every node, and variables for all credentials', () => {
			const nodes = example(name);
			const [tab, ...others] = nodes.filter(({type}) => type === 'tab');
			others.should.be.empty();
			for (const node of nodes) {
				for (const credential of Object.values(node.credentials ?? {})) {
					String(credential).should.match(/^\$\{[A-Z_]+\}$/);
				}

				if (node.type === 'tab') {
					continue;
				}

				if (node.type !== 'retarus-account') {
					node.should.have.properties({z: tab?.id});
				}

				if (!configTypes.includes(node.type)) {
					node.should.have.properties(['x', 'y', 'wires']);
					(Number(node.y) % 20).should.equal(0);
				}
			}
		});

		it('says in a comment what to change and which modules to install', () => {
			const nodes = example(name);
			const note = nodes.find(({type, name: label}) => type === 'comment' && String(label).startsWith('To change'));
			const text = `${String(note?.name)} ${String(note?.info)}`;
			text.should.containEql('account');
			for (const {type} of nodes) {
				const needed = modules[type];
				if (needed === undefined) {
					[...ownTypes, ...coreTypes].should.containEql(type);
				} else {
					text.should.containEql(needed);
				}
			}
		});

		it('uses exactly the variables that its tab defines', () => {
			const nodes = example(name);
			const text = JSON.stringify(nodes.filter(({type}) => type !== 'tab' && type !== 'comment'));
			const variables = nodes.flatMap(({env = []}) =>
				(env as readonly {readonly name: string}[]).map((variable) => variable.name),
			);
			const used = [
				...text.matchAll(
					/\$\{([A-Z_]+)\}|\$env\(\\"([A-Z_]+)\\"\)|env\.get\('([A-Z_]+)'\)|"([A-Z_]+)","(?:tot|vt)":"env"/g,
				),
			];
			const usedNames = new Set(used.map(([, ...groups]) => groups.find(Boolean) ?? ''));
			[...usedNames].sort().should.deepEqual([...variables].sort());
		});

		it('has a section in the documentation', () => {
			documentation.should.containEql(`## ${name}\n`);
		});
	});
}

describe('The examples', () => {
	it('use every node of the package', () => {
		const types = new Set(names.flatMap((name) => example(name).map(({type}) => type)));
		ownTypes.every((type) => types.has(type)).should.be.true();
	});

	it('share no node id, so that all can be imported side by side', () => {
		const ids = names.flatMap((name) => example(name).map(({id}) => id));
		new Set(ids).size.should.equal(ids.length);
	});
});
