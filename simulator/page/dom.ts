type Name = keyof HTMLElementTagNameMap;
type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element. Strings become text nodes, so nothing in a fax is parsed as HTML. */
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

/** Finds an element of the page. @throws TypeError if the page lacks it */
export function find<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
	const found = document.getElementById(id);
	if (!(found instanceof kind)) {
		throw new TypeError(`The page has no #${id}.`);
	}
	return found;
}

/** Sets the text only if it differs, so that an unchanged page is not laid out again. */
export function write(target: HTMLElement, text: string): void {
	if (target.textContent !== text) {
		target.textContent = text;
	}
}
