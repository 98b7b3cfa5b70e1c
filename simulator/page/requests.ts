import type {RequestRecord} from '../control/views';
import {element, find, write} from './dom';
import {timeOfDay} from './words';
import type {World} from './world';

const shownRequests = 100;

/** The requests to the fax API, latest first. */
export class Requests {
	readonly #world: World;
	readonly #list = find('requests', HTMLOListElement);
	#drawn = '';

	constructor(world: World) {
		this.#world = world;
	}

	update(): void {
		const last = [...this.#world.requests.values()].slice(-shownRequests).reverse();
		const key = last.map(({number, outcome}) => `${number}${outcome.kind}`).join();
		if (key !== this.#drawn) {
			this.#drawn = key;
			this.#list.replaceChildren(
				...last.map((request) =>
					element(
						'li',
						{'data-outcome': tone(request)},
						element('span', {class: 'number'}, `#${request.number}`),
						element('time', {}, timeOfDay(request.atMs)),
						element('span', {class: 'outcome'}, outcomeText(request)),
						element('code', {title: lineOf(request)}, lineOf(request)),
					),
				),
			);
		}
		write(find('request-count', HTMLElement), String(this.#world.state?.requests ?? 0));
	}
}

/** `#7 POST topics/demo?fetch=1`, or just `#7` for a request no longer in the log. */
export function requestText(number: number, world: World): string {
	const request = world.requests.get(number);
	return request === undefined ? `#${number}` : `#${number} ${lineOf(request)}`;
}

function lineOf({method, path, query}: RequestRecord): string {
	return `${method} ${readable(path.replace('/faxin/rest/v1/', ''))}${query === '' ? '' : `?${readable(query)}`}`;
}

function outcomeText({outcome}: RequestRecord): string {
	switch (outcome.kind) {
		case 'pending':
			return '...';
		case 'answered':
			return String(outcome.status);
		case 'struck':
			return `fault: ${outcome.fault ?? ''}`;
	}
}

function tone({outcome}: RequestRecord): string {
	return outcome.kind === 'struck' || (outcome.status ?? 0) >= 400 ? 'bad' : 'good';
}

function readable(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
