import {client, type Facts} from './client';
import {button, find, element} from './dom';
import type {World} from './world';

/** Does something on the simulator, and says so when it refuses. */
export type Act = (work: () => Promise<unknown>) => void;

/** Where faxes come from: files that are dropped, and samples. */
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
		// A file that misses the zone would be opened in place of the page.
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

/** Not every system knows that a `.tif` is a TIFF. */
function typeOf({name, type}: File): string {
	if (type !== '') {
		return type;
	}
	return /\.tiff?$/i.test(name) ? 'image/tiff' : /\.pdf$/i.test(name) ? 'application/pdf' : 'application/octet-stream';
}
