/** What is wrong with how a dialog is laid out, as sentences. Runs in the page. */
export function layoutProblems(): string[] {
	const form = [...document.querySelectorAll<HTMLElement>('.retarus-form')].find((one) => one.checkVisibility());
	if (!form) {
		return ['No dialog is open.'];
	}

	const frame = form.getBoundingClientRect();
	const parts = [
		...form.querySelectorAll<HTMLElement>(
			'label, input, select, button, summary, legend, .retarus-hint, .form-tips, .retarus-outcome, li b, dt, dd, img, iframe',
		),
	]
		.map((element) => ({element, box: element.getBoundingClientRect()}))
		.filter(({element, box}) => element.checkVisibility() && box.width > 0 && box.height > 0);
	const name = (element: HTMLElement): string =>
		`${element.tagName.toLowerCase()} ${element.id || element.getAttribute('for') || element.textContent.trim().slice(0, 30)}`;
	const problems: string[] = [];
	for (const [index, {element, box}] of parts.entries()) {
		if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.left < 0 || box.right > window.innerWidth) {
			problems.push(
				`${name(element)} is cut: from ${Math.round(box.left)} to ${Math.round(box.right)}, the dialog from ${Math.round(frame.left)} to ${Math.round(frame.right)}`,
			);
		}

		// A field may hold more than it shows.
		if (
			!['INPUT', 'SELECT'].includes(element.tagName) &&
			element.scrollWidth > element.clientWidth + 1 &&
			element.clientWidth > 0
		) {
			problems.push(`${name(element)} is wider than its place: ${element.scrollWidth} of ${element.clientWidth}`);
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
