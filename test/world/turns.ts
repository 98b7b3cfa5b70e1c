/** Lets every promise that can settle do so: some turns of the event loop, no time. */
export const turns = async (count = 10): Promise<void> => {
	for (let turn = 0; turn < count; turn += 1) {
		await new Promise<void>((resolve) => {
			setImmediate(resolve);
		});
	}
};

const longestWaitMs = 8000;

/** Waits for something that real sockets or disks bring about, for less than a test may take. */
export const until = async (isTrue: () => boolean): Promise<void> => {
	const endMs = performance.now() + longestWaitMs;
	while (!isTrue()) {
		if (performance.now() > endMs) {
			throw new Error(`it did not come true: ${isTrue.toString()}`);
		}

		await turns(1);
	}
};

export interface Outcome<Result> {
	state: 'pending' | 'resolved' | 'rejected';
	value?: Result;
	error?: unknown;
}

/** Watches a promise without waiting for it. */
export const watch = <Result>(promise: Promise<Result>): Outcome<Result> => {
	const outcome: Outcome<Result> = {state: 'pending'};
	promise.then(
		(value) => {
			outcome.state = 'resolved';
			outcome.value = value;
		},
		(error: unknown) => {
			outcome.state = 'rejected';
			outcome.error = error;
		},
	);
	return outcome;
};

/** What a promise is rejected with; fails when it is not. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
	try {
		await promise;
	} catch (error) {
		return error;
	}

	throw new Error('expected a rejection');
};
