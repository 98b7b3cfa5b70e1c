type Name = keyof HTMLElementTagNameMap;
type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes and children. Text stays text: nothing that comes from a fax is read as HTML. */
export function element<Tag extends Name>(
	tag: Tag,
	attributes: Attributes = {},
	...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value !== undefined && value !== false) {
			made.setAttribute(name, value === true ? '' : String(value));
		}
	}
	made.append(...children.filter((child) => child !== undefined));
	return made;
}

export function button(label: string, pressed: () => unknown, attributes: Attributes = {}): HTMLButtonElement {
	const made = element('button', {type: 'button', ...attributes}, label);
	made.addEventListener('click', () => {
		pressed();
	});
	return made;
}

/** An element of the page that is known to be there. */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
	const found = document.getElementById(id);
	if (!(found instanceof kind)) {
		throw new TypeError(`The page has no #${id}.`);
	}
	return found;
}

/** Writes only what differs, so that a page that shows the same stays untouched. */
export function write(target: HTMLElement, text: string): void {
	if (target.textContent !== text) {
		target.textContent = text;
	}
}
