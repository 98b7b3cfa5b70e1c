/** What waits on a topic and what its flow holds, in the dialog of fax in. Loaded when somebody asks for it. */
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
	return faxes.map(({id, metadata, documents}) =>
		({id: String(id), metadata: isRecord(metadata) ? metadata : {}, documents: arrayOf(documents).map(String)}));
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

/** All but the last two digits: enough to tell faxes apart over somebody's shoulder. */
const masked = (number: string): string => number.replace(/.(?=..)/g, '•');

const dateTime = (iso: unknown): string => (typeof iso === 'string' && !Number.isNaN(Date.parse(iso)) ? new Date(iso).toLocaleString() : '');

/** Fills its part of the dialog anew with each look. */
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
			parts.push(numbers, this.#table(['id', 'from', 'to', 'pages', 'receivedAt', 'documents'], faxes.map(fax => this.#row(fax))));
		}

		if (held.length > 0) {
			const rows = held.map(({id, state, delivery, sinceMs}) => [
				String(id), text(`waiting.state.${String(state)}`), typeof delivery === 'number' ? String(delivery) : '',
				typeof sinceMs === 'number' ? new Date(sinceMs).toLocaleString() : '',
			]);
			parts.push(create('p', text('waiting.held')), this.#table(['id', 'state', 'delivery', 'since'], rows));
		}

		this.#list.replaceChildren(...parts);
	}

	#row({id, metadata, documents}: WaitingFax): ReadonlyArray<string | HTMLElement> {
		const number = (value: unknown): string => (typeof value !== 'string' ? '' : this.#areNumbersShown ? value : masked(value));
		const views = create('span');
		views.append(...documents.map((name, index) => {
			const view = button(String(index + 1), () => {
				void this.#view(id, index);
			});
			view.title = name;
			view.setAttribute('aria-label', text('waiting.view', {name}));
			return view;
		}));
		return [id, number(metadata.from), number(metadata.to), typeof metadata.pages === 'number' ? String(metadata.pages) : '', dateTime(metadata.receivedAt), views];
	}

	#table(columns: readonly string[], rows: ReadonlyArray<ReadonlyArray<string | HTMLElement>>): HTMLElement {
		const head = create('tr');
		head.append(...columns.map(column => create('th', text(`waiting.column.${column}`))));
		const table = create('table');
		table.append(head, ...rows.map((cells) => {
			const row = create('tr');
			row.append(...cells.map((cell) => {
				const shown = create('td');
				shown.append(cell);
				return shown;
			}));
			return row;
		}));
		return table;
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

/** Shows what waits for a node, in its open dialog. Never rejects. */
export const look = (nodeId: string): Promise<void> => new List(nodeId).look();

export type Look = typeof look;
