import type {Environment} from '../../lib/environment';
import {ManualClock} from './manual-clock';
import {MemoryFiles} from './memory-files';

export interface TestEnvironment extends Environment {
	readonly clock: ManualClock;
	readonly files: MemoryFiles;
}

/** A world in which nothing happens by itself. `random` is always in the middle unless told otherwise. */
export const testEnvironment = (
	options: {files?: MemoryFiles; clock?: ManualClock; random?: () => number} = {},
): TestEnvironment => ({
	clock: options.clock ?? new ManualClock(),
	files: options.files ?? new MemoryFiles(),
	random: options.random ?? (() => 0.5),
});
