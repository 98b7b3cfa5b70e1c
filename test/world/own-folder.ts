/** A process that owns a folder until it is killed: `node -r tsx/cjs own-folder.ts FOLDER`. */
import {ownFolder} from '../../lib/ledger/folder-owner';

const [folder = ''] = process.argv.slice(2);
ownFolder(folder).then(
	() => {
		process.send?.('owned');
		setInterval(() => undefined, 1000);
	},
	(error: unknown) => {
		process.send?.(error instanceof Error && 'reason' in error ? error.reason : String(error));
		process.disconnect();
	},
);
