import type {FaultView} from '../control/views';
import {client} from './client';
import {button, element, find, write} from './dom';
import type {Act} from './sender';
import type {World} from './world';

const kinds = [
	'status',
	'lostAnswer',
	'reset',
	'fin',
	'hang',
	'trickle',
	'truncated',
	'truncatedUnannounced',
	'wrongLength',
	'html',
	'badJson',
	'endless',
	'empty',
	'gzip',
] as const;
const phases = ['any', 'poll', 'pollWithAcknowledge', 'acknowledge', 'document'] as const;

/** The faults in force, and buttons for more. */
export class FaultPanel {
	readonly #act: Act;
	readonly #named = element('div', {class: 'buttons'});
	readonly #rules = element('ul', {class: 'rules'});
	#drawn = '';

	constructor(act: Act) {
		this.#act = act;
		find('faults', HTMLElement).append(this.#rules, this.#named, this.#custom());
	}

	update({state}: World): void {
		if (state === undefined) {
			return;
		}
		if (this.#named.childElementCount === 0) {
			this.#named.append(
				...state.namedFaults
					.filter(({needsFax}) => !needsFax)
					.map(({name, title}) =>
						button(
							title,
							() => {
								this.#act(() => client.addFault({name}));
							},
							{'data-fault': name},
						),
					),
			);
		}
		const count = find('fault-count', HTMLElement);
		write(count, String(state.faults.length));
		count.hidden = state.faults.length === 0;
		const key = JSON.stringify(state.faults);
		if (key !== this.#drawn) {
			this.#drawn = key;
			this.#rules.replaceChildren(...state.faults.map((rule) => this.#line(rule)));
		}
	}

	#line(rule: FaultView): HTMLElement {
		return element(
			'li',
			{},
			element('span', {}, sentence(rule)),
			button(
				'Stop',
				() => {
					this.#act(() => client.removeFault(rule.number));
				},
				{class: 'quiet'},
			),
		);
	}

	#custom(): HTMLElement {
		const kind = element('select', {'aria-label': 'Fault'}, ...kinds.map((name) => element('option', {}, name)));
		const phase = element(
			'select',
			{'aria-label': 'Which requests'},
			...phases.map((name) => element('option', {}, name)),
		);
		const status = element('input', {type: 'number', min: 200, max: 599, value: 500, 'aria-label': 'Status'});
		const times = element('input', {
			type: 'number',
			min: 1,
			max: 1_000_000,
			placeholder: '∞',
			'aria-label': 'How often',
		});
		kind.addEventListener('change', () => {
			status.hidden = kind.value !== 'status';
		});
		const add = button('Add', () => {
			const fault = kind.value === 'status' ? {kind: 'status', status: Number(status.value)} : {kind: kind.value};
			this.#act(() =>
				client.addFault({fault, phase: phase.value, ...(times.value !== '' && {times: Number(times.value)})}),
			);
		});
		return element('div', {class: 'custom'}, kind, status, phase, element('span', {class: 'times'}, '×'), times, add);
	}
}

function sentence({fault, phase, left, faxId}: FaultView): string {
	const {kind, ...more} = fault;
	return [
		kind === 'status' ? `status ${String(more.status)}` : kind,
		phase === undefined || phase === 'any' ? '' : `on ${phase}`,
		left === undefined ? '' : `× ${left}`,
		faxId === undefined ? '' : `for ${faxId}`,
	]
		.filter((part) => part !== '')
		.join(' ');
}
