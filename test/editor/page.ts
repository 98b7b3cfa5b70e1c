/** The part of a browser page that the forms use. */
export class PageElement extends EventTarget {
	hidden = false;
	open = false;
	className = '';
	textContent = '';
	title = '';
	readonly dataset: Record<string, string> = {};
	readonly children: PageElement[] = [];
	#siblings: PageElement[] = [];

	constructor(readonly id = '') {
		super();
	}

	get next(): PageElement | undefined {
		return this.#siblings[0];
	}

	append(child: PageElement): void {
		this.children.push(child);
	}

	after(sibling: PageElement): void {
		this.#siblings = [sibling];
	}

	/** The form asks a field for its row to append elements; here they are appended to the field itself. */
	closest(): this {
		return this;
	}

	setAttribute(): void {
		// The forms set attributes for screen readers only.
	}

	toggleAttribute(_name: string, on: boolean): void {
		this.open = on;
	}

	happen(event: string): void {
		this.dispatchEvent(new Event(event));
	}
}

export class PageInput extends PageElement {
	type = 'text';
	value = '';
	checked = false;
	placeholder = '';

	enter(value: string): void {
		this.value = value;
		this.happen('input');
	}

	tick(checked: boolean): void {
		this.checked = checked;
		this.happen('change');
	}
}

export class PageOption extends PageElement {
	value = '';
	index = -1;
}

export class PageList extends PageElement {
	readonly options: PageOption[] = [];
	selectedIndex = -1;

	get value(): string {
		return this.options[this.selectedIndex]?.value ?? '';
	}

	set value(value: string) {
		this.selectedIndex = this.options.findIndex((option) => option.value === value);
	}

	override append(child: PageElement): void {
		if (child instanceof PageOption) {
			child.index = this.options.push(child) - 1;
		}
	}

	choose(index: number): void {
		this.selectedIndex = index;
		this.happen('change');
	}
}
