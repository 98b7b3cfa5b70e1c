import axe from 'axe-core';
import type {Page} from 'playwright-core';

/** What hinders people, by whose it is: of the open dialogs' forms, or of Node-RED's own frame. */
interface Violations {
	readonly ours: readonly string[];
	readonly frame: readonly string[];
}

const grave = ['serious', 'critical'];

/** One entry for each element that axe-core complains about gravely. */
export const findViolations = async (page: Page): Promise<Violations> => {
	// Node-RED's body has no height of its own, and axe-core takes all that is in it for hidden: it would look at nothing.
	await page.addStyleTag({content: 'html, body { height: 100%; }'});
	await page.evaluate(axe.source);
	const run = async (context: string): Promise<readonly string[]> => {
		const {violations, passes} = await page.evaluate<axe.AxeResults>(`axe.run(${context}, {iframes: false})`);
		const looked = [...violations, ...passes].filter(({id}) => id === 'color-contrast').flatMap(({nodes}) => nodes);
		if (looked.every(({any}) => any.some(({data}) => isHidden(data)))) {
			throw new Error('axe-core takes everything for hidden.');
		}

		return violations
			.filter(({impact}) => grave.includes(impact ?? ''))
			.flatMap(({id, nodes}) =>
				nodes.map(
					({target, failureSummary = ''}) => `${id}: ${target.join(' ')} (${failureSummary.replace(/\s+/g, ' ')})`,
				),
			);
	};
	const isOpen = (await page.locator('.retarus-form:visible').count()) > 0;
	return isOpen
		? {ours: await run('{include: [[".retarus-form"]]}'), frame: []}
		: {ours: [], frame: await run('document')};
};

const isHidden = (data: unknown): boolean =>
	typeof data === 'object' && data !== null && 'messageKey' in data && data.messageKey === 'hidden';

/** How often each rule is broken. */
export const describeViolations = (violations: readonly string[]): string => {
	const counts = new Map<string, number>();
	for (const violation of violations) {
		const [rule = ''] = violation.split(':');
		counts.set(rule, (counts.get(rule) ?? 0) + 1);
	}

	return counts.size === 0 ? 'nothing' : [...counts].map(([rule, count]) => `${count} ${rule}`).join(', ');
};
