import type {NetworkView, SwitchChoices, SwitchValue} from '../control/views';
import {client} from './client';
import {button, element, find, write} from './dom';
import type {Act} from './sender';
import {choiceName, dayAndTime, duration, switchLabels} from './words';
import type {World} from './world';

const jumps: readonly (readonly [label: string, milliseconds: number])[] = [
	['+1 min', 60_000],
	['+1 h', 3_600_000],
	['+6 d', 6 * 86_400_000],
	['+8 d', 8 * 86_400_000],
];

/** The simulator's clock, with buttons to move it forward. */
export class ClockPanel {
	constructor(act: Act) {
		find('jumps', HTMLElement).append(
			...jumps.map(([label, milliseconds]) =>
				button(label, () => {
					act(() => client.advance(milliseconds));
				}),
			),
		);
	}

	update({state, nowMs}: World): void {
		write(find('now', HTMLElement), dayAndTime(nowMs));
		write(
			find('offset', HTMLElement),
			state === undefined || state.offsetMs === 0 ? '' : `${duration(state.offsetMs)} ahead`,
		);
	}
}

interface Knob {
	readonly name: keyof NetworkView;
	readonly label: string;
	/** Factor from the displayed value to the simulator's. */
	readonly scale: number;
	readonly maximum: number;
	readonly step: number;
}

const knobs: readonly Knob[] = [
	{name: 'latencyMs', label: 'Latency, ms', scale: 1, maximum: 600_000, step: 50},
	{
		name: 'bytesPerSecond',
		label: 'Bandwidth, kB/s (0 = unlimited)',
		scale: 1000,
		maximum: 1_000_000,
		step: 10,
	},
	{name: 'unavailableRate', label: '503 answers, %', scale: 0.01, maximum: 100, step: 1},
	{name: 'resetRate', label: 'Connection resets, %', scale: 0.01, maximum: 100, step: 1},
	{name: 'lostAnswerRate', label: 'Lost answers, %', scale: 0.01, maximum: 100, step: 1},
];

/** The network conditions. An input with the focus is left alone, so that an update does not overwrite typing. */
export class NetworkPanel {
	readonly #inputs: ReadonlyMap<Knob, HTMLInputElement>;

	constructor(act: Act) {
		this.#inputs = new Map(
			knobs.map((knob) => {
				const input = element('input', {
					type: 'number',
					min: 0,
					max: knob.maximum,
					step: knob.step,
					value: 0,
					name: knob.name,
				});
				input.addEventListener('change', () => {
					act(() => client.changeNetwork({[knob.name]: Number((Number(input.value) * knob.scale).toFixed(4))}));
				});
				return [knob, input];
			}),
		);
		find('network', HTMLElement).append(
			...[...this.#inputs].map(([{label}, input]) => element('label', {class: 'knob'}, label, ' ', input)),
		);
	}

	update({state}: World): void {
		for (const [{name, scale}, input] of this.#inputs) {
			if (state !== undefined && document.activeElement !== input) {
				show(input, String(Number((state.network[name] / scale).toFixed(4))));
			}
		}
	}
}

interface Switch {
	readonly input: HTMLInputElement | HTMLSelectElement;
	readonly show: (value: SwitchValue) => void;
}

/** Every switch of the simulator with the values it accepts. An input with the focus is left alone. */
export class SwitchPanel {
	readonly #act: Act;
	readonly #inputs = new Map<string, Switch>();

	constructor(act: Act) {
		this.#act = act;
	}

	update({state}: World): void {
		if (state === undefined) {
			return;
		}
		for (const [name, value] of Object.entries(state.switches)) {
			const {input, show} = this.#inputs.get(name) ?? this.#add(name, state.choices[name] ?? []);
			if (document.activeElement !== input) {
				show(value);
			}
		}
	}

	#add(name: string, choices: SwitchChoices): Switch {
		const made = 'minimum' in choices ? this.#number(name, choices) : this.#choice(name, choices);
		this.#inputs.set(name, made);
		find('switches', HTMLElement).append(
			element('label', {class: 'knob', title: name}, switchLabels[name] ?? name, ' ', made.input),
		);
		return made;
	}

	#number(name: string, {minimum, maximum}: {readonly minimum: number; readonly maximum: number}): Switch {
		const input = element('input', {type: 'number', min: minimum, max: maximum, name});
		input.addEventListener('change', () => {
			this.#act(() => client.changeSwitch(name, Number(input.value)));
		});
		return {
			input,
			show: (value) => {
				show(input, String(value));
			},
		};
	}

	#choice(name: string, choices: readonly SwitchValue[]): Switch {
		const input = element('select', {name}, ...choices.map((value) => element('option', {}, choiceName(value))));
		input.addEventListener('change', () => {
			const value = choices[input.selectedIndex];
			if (value !== undefined) {
				this.#act(() => client.changeSwitch(name, value));
			}
		});
		return {
			input,
			show: (value) => {
				input.selectedIndex = choices.indexOf(value);
			},
		};
	}
}

function show(input: HTMLInputElement, text: string): void {
	if (input.value !== text) {
		input.value = text;
	}
}
