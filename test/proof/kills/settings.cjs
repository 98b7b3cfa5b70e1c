// Node-RED as in the demo, but quick to start: without its editor, and of the core nodes only those that the flows of
// the campaigns use.
const {readdirSync} = require('node:fs');
const {dirname, join} = require('node:path');
const settings = require('../../../scripts/node-red-settings.cjs');

const used = ['10-function.js', '10-file.js', '25-catch.js', '98-unknown.js'];
const core = join(dirname(require.resolve('@node-red/nodes/package.json')), 'core');

module.exports = {
	...settings,
	disableEditor: true,
	httpNodeRoot: false,
	nodesExcludes: readdirSync(core, {recursive: true})
		.map((path) => path.split(/[\\/]/).at(-1))
		.filter((name) => name.endsWith('.js') && !used.includes(name)),
};
