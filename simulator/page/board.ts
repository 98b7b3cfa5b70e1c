import type {FaxRecord, FaxStateView} from '../control/views';
import {button, element, find, write} from './dom';
import {Row} from './row';
import {stateNames} from './words';
import type {World} from './world';

type Filter = FaxStateView['kind'] | 'all';

const filters: readonly Filter[] = ['all', 'waiting', 'locked', 'acknowledged', 'deleted'];
/** More rows would slow down the page. */
const maximumRows = 3000;

/**
 * All faxes, newest first.
 * Only rows that have changed, or whose lock is counting down, are drawn again. Redrawing all of them every second
 * would make the page lag with 1,000 faxes.
 */
export class Board {
	readonly #world: World;
	readonly #choose: (id: string) => void;
	readonly #list = find('rows', HTMLOListElement);
	readonly #rows = new Map<string, Row>();
	readonly #counts = new Map<Filter, HTMLElement>();
	readonly #filterButtons = new Map<Filter, HTMLButtonElement>();
	#filter: Filter = 'all';
	#search = '';
	#chosen: string | undefined;

	constructor(world: World, choose: (id: string) => void) {
		this.#world = world;
		this.#choose = choose;
		for (const filter of filters) {
			const count = element('b', {}, '0');
			const chip = button(
				filter === 'all' ? 'all ' : `${stateNames[filter]} `,
				() => {
					this.#filter = filter;
					this.#showFilter();
					this.#sift();
				},
				{class: `chip ${filter}`},
			);
			chip.append(count);
			this.#counts.set(filter, count);
			this.#filterButtons.set(filter, chip);
		}
		find('filters', HTMLElement).append(...this.#filterButtons.values());
		const search = find('search', HTMLInputElement);
		search.addEventListener('input', () => {
			this.#search = search.value.trim().toLowerCase();
			this.#sift();
		});
		this.#showFilter();
	}

	set chosen(id: string | undefined) {
		this.#row(this.#chosen)?.choose(false);
		this.#chosen = id;
		this.#row(id)?.choose(true);
	}

	/** @param ids the changed faxes; `undefined` if all faxes were replaced */
	update(ids: readonly string[] | undefined): void {
		if (ids === undefined) {
			this.#rows.clear();
			this.#list.replaceChildren();
		}
		const fresh = document.createDocumentFragment();
		for (const id of (ids ?? [...this.#world.faxes.keys()]).slice(-maximumRows)) {
			const fax = this.#world.faxes.get(id);
			const row = this.#rows.get(id);
			if (row !== undefined) {
				row.changed();
			} else if (fax !== undefined) {
				fresh.prepend(this.#add(fax).item);
			}
		}
		this.#list.prepend(fresh);
		this.#drop();
		this.tick();
		write(find('older', HTMLElement), `${this.#world.faxes.size - this.#rows.size} older faxes are not shown.`);
		find('older', HTMLElement).hidden = this.#world.faxes.size === this.#rows.size;
	}

	/** Updates the counters and the locks that count down. */
	tick(): void {
		const counts = new Map<Filter, number>();
		for (const fax of this.#world.faxes.values()) {
			const {kind} = this.#world.stateOf(fax);
			counts.set(kind, (counts.get(kind) ?? 0) + 1);
		}
		counts.set('all', this.#world.faxes.size);
		for (const [filter, target] of this.#counts) {
			write(target, String(counts.get(filter) ?? 0));
		}
		for (const [id, row] of this.#rows) {
			const fax = this.#world.faxes.get(id);
			if (fax !== undefined && row.isMoving) {
				row.draw(fax, this.#world.stateOf(fax), this.#world.nowMs);
				row.item.hidden = !this.#matches(fax);
			}
		}
		this.#sayWhenEmpty();
	}

	#add(fax: FaxRecord): Row {
		const row = new Row(fax, () => {
			this.#choose(fax.id);
		});
		row.choose(fax.id === this.#chosen);
		this.#rows.set(fax.id, row);
		return row;
	}

	#drop(): void {
		for (const [id, row] of [...this.#rows].slice(0, Math.max(0, this.#rows.size - maximumRows))) {
			row.item.remove();
			this.#rows.delete(id);
		}
	}

	#row(id: string | undefined): Row | undefined {
		return id === undefined ? undefined : this.#rows.get(id);
	}

	#sift(): void {
		for (const [id, row] of this.#rows) {
			const fax = this.#world.faxes.get(id);
			row.item.hidden = fax === undefined || !this.#matches(fax);
		}
		this.#sayWhenEmpty();
	}

	#matches(fax: FaxRecord): boolean {
		return (
			(this.#filter === 'all' || this.#world.stateOf(fax).kind === this.#filter) &&
			(this.#search === '' ||
				[fax.id, fax.topic, fax.from, fax.to, fax.csid].some((text) => text.toLowerCase().includes(this.#search)))
		);
	}

	#showFilter(): void {
		for (const [filter, chip] of this.#filterButtons) {
			chip.setAttribute('aria-pressed', String(filter === this.#filter));
		}
	}

	#sayWhenEmpty(): void {
		const empty = find('empty', HTMLElement);
		const isEmpty = [...this.#rows.values()].every(({item}) => item.hidden);
		empty.hidden = !isEmpty;
		write(
			empty,
			this.#rows.size === 0 ? 'No fax has arrived yet. Drop a PDF on the left or click a sample.' : 'No fax matches.',
		);
	}
}
