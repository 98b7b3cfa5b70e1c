import {ask, isRecord, Refusal, sentenceOf} from './ask';
import {shared} from './catalogue';
import {element} from './form';

/** What is shown beside a button: the outcome of what it began. */
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

/** What the runtime is asked, with the values of an account as a dialog or the workspace holds them. */
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

/** @param request what to test, as the dialog holds it at the moment */
export const addConnectionTest = (buttonId: string, outcomeId: string, request: () => object): void => {
	const tell = outcome(outcomeId);
	const test = async (): Promise<void> => {
		tell('running', shared('test.running'));
		try {
			tell(...sentence(await ask('retarus-account/test', request())));
		} catch (error) {
			tell('bad', error instanceof Refusal ? error.message : String(error));
		}
	};
	element(buttonId).addEventListener('click', () => {
		void test();
	});
};
