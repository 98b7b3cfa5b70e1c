// Loaded into the scorecard's process: what it would ask of Node-RED's catalogue and of the registry about Node-RED is answered from answers.json.
const Module = require('node:module');
const answers = require('./answers.json');

const load = Module._load;

/** The scorecard's HTTP client, as far as it uses that. */
const client = {
	async get(url) {
		const [, name] = /\/([^/]+?)(\.json)?$/.exec(url) ?? [];
		if (answers[name] === undefined) {
			throw new Error(`There is no recorded answer for ${url}.`);
		}

		return {data: answers[name]};
	},
};

Module._load = function (request, ...others) {
	return request === 'axios' ? client : load.call(this, request, ...others);
};
