import {execFileSync} from 'node:child_process';

/** The Debian package of each command. */
const packages = {
	tesseract: 'tesseract-ocr',
	pdftotext: 'poppler-utils',
	pdftoppm: 'poppler-utils',
	mosquitto: 'mosquitto',
} as const;
export type Command = keyof typeof packages;

/** Debian installs servers in folders that are not on every user's path. */
export const searchPath = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;

const isThere = (command: Command): boolean => {
	try {
		execFileSync('sh', ['-c', `command -v ${command}`], {env: {...process.env, PATH: searchPath}, stdio: 'ignore'});
		return true;
	} catch {
		return false;
	}
};

/** @throws Error with the command that installs what is missing */
export const requireCommands = (...commands: readonly Command[]): void => {
	const missing = commands.filter((command) => !isThere(command));
	if (missing.length > 0) {
		const names = [...new Set(missing.map((command) => packages[command]))].join(' ');
		throw new Error(
			`Missing: ${missing.join(', ')}. Install with: apt-get install -y --no-install-recommends ${names}`,
		);
	}
};
