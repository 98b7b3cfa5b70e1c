import type {FaultView} from '../control/views';
import {client} from './client';
import {button, element, find, write} from './dom';
import {FaultForm} from './fault-form';
import {ruleText} from './fault-words';
import type {Act} from './sender';
import type {World} from './world';

/** The rules in force, a button for each common fault, and a form for any other. */
export class FaultPanel {
	readonly #act: Act;
	readonly #named = element('div', {class: 'buttons'});
	readonly #rules = element('ul', {class: 'rules'});
	/** The rules as drawn, so that an unchanged list keeps its buttons and their focus. */
	#drawn = '';

	constructor(act: Act) {
		this.#act = act;
		const form = new FaultForm((rule) => {
			act(() => client.addFault(rule));
		});
		find('faults', HTMLElement).append(this.#rules, this.#named, form.element);
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
			element('span', {}, ruleText(rule)),
			button(
				'Stop',
				() => {
					this.#act(() => client.removeFault(rule.number));
				},
				{class: 'quiet'},
			),
		);
	}
}
