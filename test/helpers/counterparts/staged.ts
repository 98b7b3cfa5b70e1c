import 'should';
import {requireCommands, type Command} from './commands';
import {Stage, type StageOptions} from './stage';

interface StagedOptions extends StageOptions {
	readonly commands?: readonly Command[];
}

/** Describes an example, each test on a stage of its own. */
export const describeExample = (name: string, {commands = [], ...options}: StagedOptions, tests: (stage: () => Stage) => void): void => {
	describe(`The example "${name}"`, function () {
		this.timeout(120_000);
		let stage: Stage | undefined;

		before(function () {
			// A module of the palette may have to be compiled.
			this.timeout(600_000);
			requireCommands(...commands);
		});

		beforeEach(async function () {
			this.timeout(600_000);
			stage = await Stage.open(options);
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
				throw new Error('There is no stage outside of a test.');
			}

			return stage;
		});
	});
};
