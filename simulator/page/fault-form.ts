import type {Fault} from '../faults/fault';
import type {FaultRule, PhaseSelector} from '../faults/rule';
import {element} from './dom';
import {conditions, faultLabels, phaseLabels} from './fault-words';

const kinds = keys(faultLabels);
const phases: readonly PhaseSelector[] = keys(phaseLabels);

/** A form for a fault rule: the fault, the requests it hits, what it is bound to and how often it hits. */
export class FaultForm {
	readonly element: HTMLFormElement;
	readonly #kind = select(
		'Fault',
		kinds.map((kind) => faultLabels[kind]),
	);
	readonly #status = element('input', {
		type: 'number',
		min: 200,
		max: 599,
		value: 500,
		required: true,
		...named('Status'),
	});
	readonly #retryAfter = element('input', {placeholder: 'Retry-After', ...named('Retry-After')});
	readonly #location = element('input', {value: 'https://proxy.example/', required: true, ...named('Location')});
	readonly #everyMs = element('input', {
		type: 'number',
		min: 1,
		max: 60_000,
		value: 100,
		required: true,
		...named('Milliseconds per byte'),
	});
	readonly #phase = select(
		'Which requests',
		phases.map((phase) => phaseLabels[phase]),
	);
	readonly #condition = select('Bound to', ['of anything', ...conditions.map(({label}) => label)]);
	readonly #bound = element('input', {required: true, ...named('Bound to which')});
	readonly #times = element('input', {
		type: 'number',
		min: 1,
		max: 1_000_000,
		placeholder: '∞',
		...named('How often'),
	});

	constructor(add: (rule: FaultRule) => void) {
		this.element = element(
			'form',
			{class: 'custom'},
			this.#kind,
			this.#status,
			this.#retryAfter,
			this.#location,
			this.#everyMs,
			this.#phase,
			this.#condition,
			this.#bound,
			element('span', {class: 'times'}, '×'),
			this.#times,
			element('button', {type: 'submit'}, 'Add'),
		);
		this.element.addEventListener('change', () => {
			this.#showDetails();
		});
		this.element.addEventListener('submit', (event) => {
			event.preventDefault();
			add(this.#rule());
		});
		this.#showDetails();
	}

	/** A hidden input is disabled as well, or its validation would block the form. */
	#showDetails(): void {
		const kind = this.#selectedKind;
		const bound = this.#selectedCondition;
		this.#bound.type = bound?.inputType ?? 'text';
		for (const [input, isShown] of [
			[this.#status, kind === 'status'],
			[this.#retryAfter, kind === 'status'],
			[this.#location, kind === 'redirect'],
			[this.#everyMs, kind === 'trickle'],
			[this.#bound, bound !== undefined],
		] as const) {
			input.hidden = !isShown;
			input.disabled = !isShown;
		}
	}

	get #selectedKind(): Fault['kind'] {
		return kinds[this.#kind.selectedIndex] ?? 'status';
	}

	get #selectedCondition(): (typeof conditions)[number] | undefined {
		return conditions[this.#condition.selectedIndex - 1];
	}

	#rule(): FaultRule {
		return {
			fault: this.#fault(),
			phase: phases[this.#phase.selectedIndex],
			...(this.#times.value !== '' && {times: Number(this.#times.value)}),
			...this.#selectedCondition?.toRule(this.#bound.value.trim()),
		};
	}

	#fault(): Fault {
		const kind = this.#selectedKind;
		switch (kind) {
			case 'status':
				return {
					kind,
					status: Number(this.#status.value),
					...(this.#retryAfter.value !== '' && {retryAfter: this.#retryAfter.value}),
				};
			case 'redirect':
				return {kind, location: this.#location.value};
			case 'trickle':
				return {kind, chunkBytes: 1, everyMs: Number(this.#everyMs.value)};
			default:
				return {kind};
		}
	}
}

function select(label: string, options: readonly string[]): HTMLSelectElement {
	return element('select', named(label), ...options.map((option) => element('option', {}, option)));
}

function named(label: string): {readonly 'aria-label': string} {
	return {'aria-label': label};
}

function keys<Key extends string>(labels: Readonly<Record<Key, string>>): readonly Key[] {
	return Object.keys(labels).filter((key): key is Key => key in labels);
}
