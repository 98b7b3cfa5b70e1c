import {ask, isRecord, Refusal, sentenceOf} from './ask';
import {shared} from './catalogue';
import {element} from './form';

/** Returns a function that shows an outcome beside the button that started it. */
export const outcome = (id: string) => {
	const line = element(id);
	return (kind: 'running' | 'good' | 'bad', text: string): void => {
		line.textContent = text;
		line.className = `retarus-outcome retarus-${kind}`;
		line.hidden = false;
	};
};

const sentence = (answer: unknown): readonly ['good' | 'bad', string] => {
	if (isRecord(answer) && (answer.kind === 'works' || answer.kind === 'reached')) {
		const facts = {host: String(answer.host), ms: Number(answer.ms)};
		return ['good', answer.kind === 'works' ? shared('test.works', facts) : shared('test.reached', facts)];
	}

	return ['bad', sentenceOf(answer) ?? shared('ask.failed', {status: ''})];
};

/** Builds the request with the values of an account, taken from its dialog or from the workspace. */
export const testRequest = (
	id: string,
	valueOf: (property: string) => unknown,
	credentials: unknown,
	topic?: string,
): object => ({
	id,
	account: Object.fromEntries(
		['region', 'baseUrl', 'requestTimeout', 'tls', 'proxy'].map((property) => [property, valueOf(property)]),
	),
	credentials,
	topic,
});

/** @param request returns the values that the dialog holds when the button is pressed */
export const addConnectionTest = (buttonId: string, outcomeId: string, request: () => object): void => {
	const show = outcome(outcomeId);
	const test = async (): Promise<void> => {
		show('running', shared('test.running'));
		try {
			show(...sentence(await ask('retarus-account/test', request())));
		} catch (error) {
			show('bad', error instanceof Refusal ? error.message : String(error));
		}
	};
	element(buttonId).addEventListener('click', () => {
		void test();
	});
};
