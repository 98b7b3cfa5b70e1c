/* global AbortController */
// `npm start`: the demo. `npm start -- --once` ends with exit code 0 when every fax is acknowledged.
import {Problem} from './problem.mjs';
import {setUp} from './setup.mjs';

try {
	const unknown = process.argv.slice(2).filter(argument => argument !== '--once');
	if (unknown.length > 0) {
		throw new Problem(`${unknown.join(' ')} is unknown: the only option is --once.`);
	}

	await setUp(step => console.log(`${step} ...`));
	const {runDemo} = await import('./demo/demo.mjs');
	const {screen} = await import('./demo/screen.mjs');
	const abort = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.on(signal, () => {
			abort.abort();
		});
	}

	screen.title('Faxes from Retarus in Node-RED');
	await runDemo({isOnce: process.argv.includes('--once'), signal: abort.signal});
} catch (error) {
	if (!(error instanceof Problem)) {
		throw error;
	}

	console.error(error.message);
	process.exitCode = 1;
}
