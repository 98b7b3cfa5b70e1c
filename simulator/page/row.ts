import type {FaxRecord, FaxStateView} from '../control/views';
import {element, write} from './dom';
import {duration, stateNames, timeOfDay} from './words';

/** One fax on the board. `isMoving` is false while its text cannot change, so that the board can skip it. */
export class Row {
	readonly item: HTMLLIElement;
	readonly #button: HTMLButtonElement;
	readonly #state = element('span', {class: 'state'});
	readonly #note = element('span', {class: 'note'});
	#isMoving = true;

	constructor(fax: FaxRecord, chosen: () => void) {
		this.#button = element(
			'button',
			{type: 'button', class: 'row'},
			this.#state,
			element('span', {class: 'id', title: fax.id}, fax.id),
			element('span', {class: 'numbers'}, `${fax.from} → ${fax.to}`),
			element('span', {class: 'topic'}, fax.topic),
			element('span', {class: 'pages'}, fax.pages === 1 ? '1 page' : `${fax.pages} pages`),
			element('time', {datetime: fax.receivedAt}, timeOfDay(Date.parse(fax.receivedAt))),
			this.#note,
		);
		this.#button.addEventListener('click', chosen);
		this.item = element('li', {'data-id': fax.id}, this.#button);
	}

	/** Whether the row needs drawing: the fax has changed, or its lock counts down. */
	get isMoving(): boolean {
		return this.#isMoving;
	}

	changed(): void {
		this.#isMoving = true;
	}

	choose(isChosen: boolean): void {
		this.#button.setAttribute('aria-current', String(isChosen));
	}

	draw(fax: FaxRecord, state: FaxStateView, nowMs: number): void {
		if (this.item.dataset.state !== state.kind) {
			this.item.dataset.state = state.kind;
			write(this.#state, stateNames[state.kind]);
		}
		write(this.#note, noteOn(fax, state, nowMs));
		this.#isMoving = state.kind === 'locked';
	}
}

function noteOn(fax: FaxRecord, state: FaxStateView, nowMs: number): string {
	switch (state.kind) {
		case 'waiting': {
			const listed = fax.events.filter(({kind}) => kind === 'listed').length;
			return listed === 0 ? '' : `listed ${listed === 1 ? 'once' : `${listed} times`}`;
		}
		case 'locked':
			return `${duration(state.untilMs - nowMs)} left, by #${state.request}`;
		case 'acknowledged':
			return `by #${state.request}`;
		case 'deleted':
			return state.wasAcknowledged ? 'was acknowledged' : 'never acknowledged';
	}
}
