import type {FaxRecord} from '../control/views';
import {button, element, find, write} from './dom';
import {requestText} from './requests';
import {Viewer} from './viewer';
import {dayAndTime, duration, eventText, stateNames, timeOfDay} from './words';
import type {World} from './world';

/** The panel of one fax: its facts, its pages and its history. */
export class Detail {
	readonly #world: World;
	readonly #panel = find('detail', HTMLElement);
	readonly #closed: () => void;
	readonly #strike: (name: string, faxId: string) => void;
	readonly #viewer = new Viewer();
	readonly #state = element('p', {class: 'standing'});
	readonly #timeline = element('ol', {class: 'timeline'});
	#id: string | undefined;

	constructor(world: World, closed: () => void, strike: (name: string, faxId: string) => void) {
		this.#world = world;
		this.#closed = closed;
		this.#strike = strike;
		document.addEventListener('keydown', (event) => {
			if (event.key === 'Escape') {
				this.close();
			}
		});
	}

	open(id: string): void {
		const fax = this.#world.faxes.get(id);
		if (fax === undefined) {
			return;
		}
		this.#id = id;
		this.#panel.replaceChildren(
			element(
				'div',
				{class: 'heading'},
				element('h2', {}, id),
				button(
					'Close',
					() => {
						this.close();
					},
					{class: 'quiet', 'aria-label': 'Close (Escape)'},
				),
			),
			this.#state,
			facts(fax),
			element('div', {class: 'buttons'}, ...this.#faultButtons(id)),
			element('h3', {}, 'Pages'),
			this.#viewer.element,
			element('h3', {}, 'History'),
			this.#timeline,
		);
		this.#panel.hidden = false;
		this.#viewer.show(fax);
		this.update();
	}

	close(): void {
		if (this.#id !== undefined) {
			this.#id = undefined;
			this.#panel.hidden = true;
			this.#viewer.clear();
			this.#closed();
		}
	}

	update(): void {
		if (this.#id === undefined) {
			return;
		}
		const fax = this.#world.faxes.get(this.#id);
		if (fax === undefined) {
			this.close();
			return;
		}
		const state = this.#world.stateOf(fax);
		this.#state.dataset.state = state.kind;
		write(
			this.#state,
			state.kind === 'locked'
				? `locked for another ${duration(state.untilMs - this.#world.nowMs)} by request #${state.request}`
				: stateNames[state.kind],
		);
		if (state.kind === 'deleted') {
			this.#viewer.gone();
		}
		this.#drawTimeline(fax);
	}

	#drawTimeline(fax: FaxRecord): void {
		// A request may be loaded a moment after the event that names it, so its text is part of the key.
		const texts = fax.events.map((event) => ({
			event,
			request: event.request === undefined ? '' : requestText(event.request, this.#world),
		}));
		const key = JSON.stringify([fax.id, texts.length, ...texts.map(({request}) => request)]);
		if (this.#timeline.dataset.key !== key) {
			this.#timeline.dataset.key = key;
			this.#timeline.replaceChildren(
				...texts.map(({event, request}) =>
					element(
						'li',
						{'data-kind': event.kind},
						element('time', {title: dayAndTime(event.atMs)}, timeOfDay(event.atMs)),
						' ',
						element('span', {}, eventText(event)),
						request === '' ? undefined : element('small', {}, request),
					),
				),
			);
		}
	}

	#faultButtons(id: string): HTMLElement[] {
		return (this.#world.state?.namedFaults ?? [])
			.filter(({needsFax}) => needsFax)
			.map(({name, title}) =>
				button(
					title,
					() => {
						this.#strike(name, id);
					},
					{'data-fault': name},
				),
			);
	}
}

function facts(fax: FaxRecord): HTMLElement {
	const pairs: readonly (readonly [string, string])[] = [
		['Topic', fax.topic],
		['Caller', fax.from],
		['Called', fax.to],
		['Sending machine', fax.csid],
		['Pages', String(fax.pages)],
		['Received', dayAndTime(Date.parse(fax.receivedAt))],
		['Deleted after', dayAndTime(Date.parse(fax.deleteAfter))],
	];
	return element('dl', {}, ...pairs.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
}
