import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import should from 'should';
import type {EditorPage} from '../../node-red/editor-page';
import {root} from '../../../scripts/setup.mjs';
import {chain, type Flow} from '../../node-red/node-red-flow';
import {layoutProblems} from './layout';
import type {Session} from './session';

const types = ['retarus-account', 'retarus-fax-in', 'retarus-fax-ack'] as const;
type NodeType = (typeof types)[number];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null;

/** A text of a built catalogue. */
const textOf = (language: string, type: NodeType, key: string): string => {
	let entry: unknown = JSON.parse(
		readFileSync(join(root, 'dist', 'nodes', 'locales', language, `${type}.json`), 'utf8'),
	);
	for (const step of [type, ...key.split('.')]) {
		entry = isRecord(entry) ? entry[step] : undefined;
	}

	return typeof entry === 'string' ? entry : `no text ${key} in ${language}`;
};

/** Every text of the open dialog, including tooltips and texts for screen readers. Runs in the page. */
function wordsOfDialog(): string[] {
	const form = [...document.querySelectorAll<HTMLElement>('.retarus-form')].find((one) => one.checkVisibility());
	const elements = form ? [...form.querySelectorAll<HTMLElement>('*')] : [];
	const own = elements.flatMap((element) =>
		[...element.childNodes].filter(({nodeType}) => nodeType === 3).map(({textContent}) => textContent ?? ''),
	);
	const attributes = elements.flatMap((element) =>
		['title', 'placeholder', 'aria-label', 'alt'].map((name) => element.getAttribute(name) ?? ''),
	);
	return [...own, ...attributes].map((words) => words.trim()).filter((words) => words !== '');
}

/** Each text of the open form, with the key in its markup. Runs in the page. */
function textsByKey(): Array<[string, string]> {
	const form = [...document.querySelectorAll<HTMLElement>('.retarus-form')].find((one) => one.checkVisibility());
	return [...(form?.querySelectorAll<HTMLElement>('[data-i18n]') ?? [])].map((element) => [
		(element.dataset.i18n ?? '').replace(/^.*:/, ''),
		element.textContent,
	]);
}

const groups = 'label|tip|unit|group|status|waiting|test|ask|error|port|column|validator';

/** Matches an untranslated key or placeholder, alone or within a sentence. */
const key = new RegExp(`retarus-(account|fax-in|fax-ack)[.:]\\w|\\b(${groups})\\.[a-z]\\w+|__\\w+__`);

/** The same for the help, which names properties and permissions that look like keys. */
const keyInHelp = /data-i18n|retarus-(account|fax-in|fax-ack)[.:](?!write)\w|__\w+__/;

export const describeLanguages = (session: Session): void => {
	for (const language of session.leg.languages) {
		describe(`The editor in ${language}`, () => {
			let editor: EditorPage;
			const flow = (): Flow => chain(session.simulator, {faxIn: {pollInterval: 60}, between: []});

			before(async () => {
				editor = await session.open(flow(), {locale: language});
			});

			const check = async (type: NodeType): Promise<void> => {
				for (const summary of await editor.find('.retarus-form:visible details:not([open]) > summary').all()) {
					await summary.click();
				}

				should((await editor.page.evaluate(wordsOfDialog)).filter((words) => key.test(words))).be.empty();
				const texts = await editor.page.evaluate(textsByKey);
				should(texts.length).be.above(5);
				should(
					texts.filter(([name, shown]) => shown !== textOf(language, type, name.slice(type.length + 1))),
				).be.empty();
				should(await editor.page.evaluate(layoutProblems)).be.empty();
			};

			it('translates the palette and the status under a node', async () => {
				should(
					(
						await editor
							.find('.red-ui-palette-node[data-palette-type="retarus-fax-in"] .red-ui-palette-label')
							.innerText()
					).replace(/\s+/g, ' '),
				).equal(textOf(language, 'retarus-fax-in', 'label.type'));
				await editor
					.status('fax-in')
					.getByText(textOf(language, 'retarus-fax-in', 'status.idle'), {exact: true})
					.waitFor();
			});

			it('translates the dialogs, whose texts fit', async () => {
				await editor.edit('fax-in');
				await editor.user.fill(editor.field('maxDeliveries'), '3');
				await editor.find('#retarus-fax-in-test').click();
				await editor.find('#retarus-fax-in-outcome.retarus-good').waitFor();
				await check('retarus-fax-in');
				await editor.user.fill(editor.field('topic'), '');
				should(await editor.tooltipOf(editor.field('topic'))).equal(
					textOf(language, 'retarus-account', 'error.topicMissing'),
				);
				await editor.editAccount();
				await check('retarus-account');
				await editor.closeAccount('cancel');
				await editor.close('cancel');
				await editor.edit('fax-ack');
				await check('retarus-fax-ack');
				await editor.close('cancel');
			});

			it('translates the waiting faxes', async () => {
				session.simulator.addFax({sample: 'letter'});
				await editor.edit('fax-in');
				await editor.find('#retarus-fax-in-look').click();
				await editor.find('#retarus-fax-in-waiting li').first().waitFor();
				await check('retarus-fax-in');
				await editor.close('cancel');
			});

			it('translates the help', async () => {
				for (const type of types) {
					const help = await editor.help(type);
					const heading =
						/<h3>([^<]+)<\/h3>/.exec(
							readFileSync(join(root, 'dist', 'nodes', 'locales', language, `${type}.html`), 'utf8'),
						)?.[1] ?? '?';
					await help.getByText(heading, {exact: true}).first().waitFor();
					should((await help.innerText()).split('\n').filter((words) => keyInHelp.test(words))).be.empty();
				}
			});
		});
	}
};
