/* global AbortController */
// `npm start`: the demo. `npm start -- --once` exits with code 0 once every fax is acknowledged.
// `npm start -- --kill 3` does the same, but kills Node-RED three times while it processes faxes.
import {readOptions} from './demo/options.mjs';
import {Problem} from './problem.mjs';
import {setUp} from './setup.mjs';

try {
	const {isOnce, kills} = readOptions(process.argv.slice(2));
	await setUp((step) => console.log(`${step} ...`));
	const {runDemo} = await import('./demo/demo.mjs');
	const {runKillDemo} = await import('./demo/kill-demo.mjs');
	const {screen} = await import('./demo/screen.mjs');
	const abort = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM']) {
		process.on(signal, () => {
			abort.abort();
		});
	}

	screen.title('Faxes from Retarus in Node-RED');
	if (kills === 0) {
		await runDemo({isOnce, signal: abort.signal});
	} else {
		process.exitCode = (await runKillDemo({kills, signal: abort.signal})) ? 0 : 1;
	}
} catch (error) {
	if (!(error instanceof Problem)) {
		throw error;
	}

	console.error(error.message);
	process.exitCode = 1;
}
