/** Lists the faxes that wait on a topic and those that its flow holds, in the dialog of fax in. Loaded on demand. */
import {ask, isRecord, Refusal} from './ask';
import {catalogue} from './catalogue';
import {outcome} from './connection-test';
import {element} from './form';
import {showPages} from './pages';

const text = catalogue('retarus-fax-in');

interface WaitingFax {
	readonly id: string;
	readonly metadata: Readonly<Record<string, unknown>>;
	readonly documents: readonly string[];
}

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const faxesOf = (answer: unknown): readonly WaitingFax[] => {
	const faxes = arrayOf(isRecord(answer) ? answer.faxes : undefined).filter(isRecord);
	return faxes.map(({id, metadata, documents}) => ({
		id: String(id),
		metadata: isRecord(metadata) ? metadata : {},
		documents: arrayOf(documents).map(String),
	}));
};

const create = (tag: string, content = ''): HTMLElement => {
	const created = document.createElement(tag);
	created.textContent = content;
	return created;
};

const button = (label: string, press: () => void): HTMLElement => {
	const created = create('button', label);
	created.className = 'red-ui-button red-ui-button-small';
	created.setAttribute('type', 'button');
	created.addEventListener('click', press);
	return created;
};

/** Masks all but the last two digits: enough to tell faxes apart, too little for somebody looking over a shoulder. */
const masked = (number: string): string => number.replace(/.(?=..)/g, '•');

const dateTime = (iso: unknown): string =>
	typeof iso === 'string' && !Number.isNaN(Date.parse(iso)) ? new Date(iso).toLocaleString() : '';

/**
 * One fax as a list item, because a dialog is too narrow for a table.
 * @param facts by column of the catalogue; blank ones are omitted
 */
const entry = (id: string, facts: Readonly<Record<string, string | HTMLElement>>): HTMLElement => {
	const shown = create('dl');
	for (const [column, value] of Object.entries(facts)) {
		if (value !== '') {
			const fact = create('div');
			const content = create('dd');
			content.append(value);
			fact.append(create('dt', text(`waiting.column.${column}`)), content);
			shown.append(fact);
		}
	}

	const created = create('li');
	created.append(create('b', id), shown);
	return created;
};

const listOf = (entries: readonly HTMLElement[]): HTMLElement => {
	const list = create('ul');
	list.append(...entries);
	return list;
};

/**
 * The list in an open dialog. Fax numbers are patient data: they are masked until somebody asks to see them, and every
 * new look masks them again, so a number never stays visible by accident.
 */
class List {
	readonly #list = element('retarus-fax-in-waiting');
	readonly #pages = element('retarus-fax-in-pages');
	readonly #tell = outcome('retarus-fax-in-outcome');
	readonly #nodeId: string;
	#areNumbersShown = false;

	constructor(nodeId: string) {
		this.#nodeId = nodeId;
	}

	async look(): Promise<void> {
		this.#tell('running', text('waiting.running'));
		this.#list.replaceChildren();
		this.#pages.replaceChildren();
		this.#areNumbersShown = false;
		try {
			const answer = await ask(`retarus-fax-in/${this.#nodeId}/waiting`, {});
			const faxes = faxesOf(answer);
			this.#tell('good', faxes.length === 0 ? text('waiting.none') : text('waiting.some', {count: faxes.length}));
			this.#show(faxes, arrayOf(isRecord(answer) ? answer.held : undefined).filter(isRecord));
		} catch (error) {
			this.#tell('bad', error instanceof Refusal ? error.message : String(error));
		}
	}

	#show(faxes: readonly WaitingFax[], held: ReadonlyArray<Readonly<Record<string, unknown>>>): void {
		const parts: HTMLElement[] = [];
		if (faxes.length > 0) {
			const numbers = button(this.#areNumbersShown ? text('waiting.hide') : text('waiting.show'), () => {
				this.#areNumbersShown = !this.#areNumbersShown;
				this.#show(faxes, held);
			});
			parts.push(numbers, listOf(faxes.map((fax) => this.#entry(fax))));
		}

		if (held.length > 0) {
			const entries = held.map(({id, state, delivery, sinceMs}) =>
				entry(String(id), {
					state: text(`waiting.state.${String(state)}`),
					delivery: typeof delivery === 'number' ? String(delivery) : '',
					since: typeof sinceMs === 'number' ? new Date(sinceMs).toLocaleString() : '',
				}),
			);
			parts.push(create('p', text('waiting.held')), listOf(entries));
		}

		this.#list.replaceChildren(...parts);
	}

	#entry({id, metadata, documents}: WaitingFax): HTMLElement {
		const number = (value: unknown): string =>
			typeof value !== 'string' ? '' : this.#areNumbersShown ? value : masked(value);
		const views = create('span');
		views.append(
			...documents.map((name, index) => {
				const view = button(String(index + 1), () => {
					void this.#view(id, index);
				});
				view.title = name;
				view.setAttribute('aria-label', text('waiting.view', {name}));
				return view;
			}),
		);
		return entry(id, {
			from: number(metadata.from),
			to: number(metadata.to),
			pages: typeof metadata.pages === 'number' ? String(metadata.pages) : '',
			receivedAt: dateTime(metadata.receivedAt),
			documents: views,
		});
	}

	async #view(fax: string, index: number): Promise<void> {
		this.#tell('running', text('waiting.loading'));
		try {
			await showPages(this.#pages, await ask(`retarus-fax-in/${this.#nodeId}/document`, {fax, index}));
			this.#tell('good', text('waiting.shown', {fax}));
		} catch (error) {
			this.#tell('bad', error instanceof Refusal ? error.message : String(error));
		}
	}
}

/** Lists the waiting faxes of a node in its open dialog. Never rejects. */
export const look = (nodeId: string): Promise<void> => new List(nodeId).look();

export type Look = typeof look;
