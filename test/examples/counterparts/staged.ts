import 'should';
import {nodeRed4, type Runtime} from '../../../scripts/node-red/node-red.mjs';
import {nodeRed5} from '../../node-red/node-red-5';
import {requireCommands, type Command} from './commands';
import {Stage, type StageOptions} from './stage';

interface StagedOptions extends Omit<StageOptions, 'runtime'> {
	/** @default none */
	readonly commands?: readonly Command[];
}

/** The Node-RED versions that every example runs on. */
const versions: readonly (readonly [string, () => Runtime])[] = [
	['4.1', () => nodeRed4],
	['5.0', nodeRed5],
];

/** Describes an example on every Node-RED version, with a fresh stage for each test. */
export const describeExample = (
	name: string,
	{commands = [], ...options}: StagedOptions,
	tests: (stage: () => Stage) => void,
): void => {
	for (const [version, runtime] of versions) {
		describe(`The example "${name}" on Node-RED ${version}`, function () {
			this.timeout(120_000);
			let stage: Stage | undefined;

			before(function () {
				// Node-RED may have to be installed, and a palette module compiled.
				this.timeout(600_000);
				requireCommands(...commands);
				runtime();
			});

			beforeEach(async function () {
				this.timeout(600_000);
				stage = await Stage.open({...options, runtime: runtime()});
				stage.nodeRed.log.join('\n').should.containEql(`Node-RED version: v${version}.`);
			});

			afterEach(async function () {
				if (this.currentTest?.state === 'failed') {
					process.stdout.write(`${stage?.nodeRed.log.join('\n') ?? ''}\n`);
				}

				await stage?.close();
				stage = undefined;
			});

			tests(() => {
				if (!stage) {
					throw new Error('There is no stage outside a test.');
				}

				return stage;
			});
		});
	}
};
