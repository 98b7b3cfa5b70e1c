/** Describes overlapping and truncated parts of the open dialog. Runs in the page. */
export function layoutProblems(): string[] {
	const form = [...document.querySelectorAll<HTMLElement>('.retarus-form')].find((one) => one.checkVisibility());
	if (!form) {
		return ['No dialog is open.'];
	}

	const frame = form.getBoundingClientRect();
	const selectors = [
		'label, input, select, button, summary, legend',
		'.retarus-hint, .form-tips, .retarus-outcome',
		'li b, dt, dd, img, iframe',
	];
	const parts = [...form.querySelectorAll<HTMLElement>(selectors.join(', '))]
		.map((element) => ({element, box: element.getBoundingClientRect()}))
		.filter(({element, box}) => element.checkVisibility() && box.width > 0 && box.height > 0);
	const name = (element: HTMLElement): string => {
		const label = element.id || element.getAttribute('for') || element.textContent.trim().slice(0, 30);
		return `${element.tagName.toLowerCase()} ${label}`;
	};
	const span = ({left, right}: DOMRect): string => `${Math.round(left)} to ${Math.round(right)}`;
	const problems: string[] = [];
	for (const [index, {element, box}] of parts.entries()) {
		if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.left < 0 || box.right > window.innerWidth) {
			problems.push(`${name(element)} is cut off: it spans ${span(box)}, the dialog ${span(frame)}`);
		}

		// The content of a field may be wider than the field.
		if (
			!['INPUT', 'SELECT'].includes(element.tagName) &&
			element.scrollWidth > element.clientWidth + 1 &&
			element.clientWidth > 0
		) {
			problems.push(`${name(element)} needs ${element.scrollWidth} pixels and has ${element.clientWidth}`);
		}

		for (const other of parts.slice(index + 1)) {
			const width = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
			const height = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
			if (width > 1 && height > 1 && !element.contains(other.element) && !other.element.contains(element)) {
				problems.push(`${name(element)} overlaps ${name(other.element)}`);
			}
		}
	}

	return problems;
}
