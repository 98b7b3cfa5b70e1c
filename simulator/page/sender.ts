import {client, type Facts} from './client';
import {button, find, element} from './dom';
import type {World} from './world';

/** Runs an action on the simulator and shows the reason if it is refused. */
export type Act = (work: () => Promise<unknown>) => void;

/** Sends faxes: dropped or chosen files, and samples. */
export class Sender {
	readonly #act: Act;
	readonly #form = find('send', HTMLFormElement);
	readonly #topic = find('topic', HTMLSelectElement);
	readonly #samples = find('samples', HTMLElement);

	constructor(act: Act) {
		this.#act = act;
		const file = find('file', HTMLInputElement);
		file.addEventListener('change', () => {
			this.#send([...(file.files ?? [])]);
			file.value = '';
		});
		this.#form.addEventListener('submit', (event) => {
			event.preventDefault();
		});
		// The browser would open a file dropped beside the zone instead of the page.
		for (const type of ['dragover', 'drop'] as const) {
			document.addEventListener(type, (event) => {
				event.preventDefault();
				document.body.classList.toggle('dragging', type === 'dragover');
			});
		}
		document.addEventListener('dragleave', (event) => {
			document.body.classList.toggle('dragging', event.relatedTarget !== null);
		});
		document.addEventListener('drop', (event) => {
			this.#send([...(event.dataTransfer?.files ?? [])]);
		});
	}

	update({state}: World): void {
		if (state === undefined || this.#samples.childElementCount > 0) {
			return;
		}
		this.#topic.replaceChildren(...state.topics.map((topic) => element('option', {value: topic}, topic)));
		this.#samples.replaceChildren(
			...state.samples.map((sample) =>
				button(
					sample,
					() => {
						this.#withFacts((facts) => client.sendSample(sample, facts));
					},
					{'data-sample': sample},
				),
			),
		);
	}

	#send(files: readonly File[]): void {
		for (const file of files) {
			this.#withFacts((facts) => client.sendFile(file, typeOf(file), facts));
		}
	}

	#withFacts(send: (facts: Facts) => Promise<unknown>): void {
		if (this.#form.reportValidity()) {
			const data = new FormData(this.#form);
			const value = (name: string): string => {
				const entered = data.get(name);
				return typeof entered === 'string' ? entered : '';
			};
			this.#act(() =>
				send({
					topic: value('topic'),
					from: value('from'),
					to: value('to'),
					csid: value('csid'),
					copies: value('copies'),
				}),
			);
		}
	}
}

/** Falls back to the file name: not every system knows the type of a `.tif`. */
function typeOf({name, type}: File): string {
	if (type !== '') {
		return type;
	}
	return /\.tiff?$/i.test(name) ? 'image/tiff' : /\.pdf$/i.test(name) ? 'application/pdf' : 'application/octet-stream';
}
