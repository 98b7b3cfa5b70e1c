import {Problem} from '../problem.mjs';

const mostKills = 20;

/**
 * Reads the command line of the demo.
 * @throws Problem
 */
export function readOptions(args) {
	const options = {isOnce: false, kills: 0};
	const rest = args.flatMap((argument) =>
		argument.startsWith('--kill=') ? ['--kill', argument.slice('--kill='.length)] : [argument],
	);
	while (rest.length > 0) {
		const argument = rest.shift();
		switch (argument) {
			case '--once':
				options.isOnce = true;
				break;
			case '--kill':
				options.kills = readKills(rest.shift());
				options.isOnce = true;
				break;
			default:
				throw new Problem(`${argument} is unknown: the options are --once and --kill N.`);
		}
	}

	return options;
}

function readKills(text) {
	const kills = Number(text);
	if (!/^\d+$/.test(text ?? '') || kills < 1 || kills > mostKills) {
		throw new Problem(`--kill takes how often Node-RED is to be killed, from 1 to ${mostKills}: npm start -- --kill 3`);
	}

	return kills;
}
