import axe from 'axe-core';
import type {Page} from 'playwright-core';

/** Barriers in the forms of this package, and in Node-RED around them. */
interface Violations {
	readonly ours: readonly string[];
	readonly frame: readonly string[];
}

const grave = ['serious', 'critical'];

/** Returns one entry for each element with a serious or critical violation. */
export const findViolations = async (page: Page): Promise<Violations> => {
	// Node-RED's body has no height, so axe-core would consider everything in it hidden and check nothing.
	await page.addStyleTag({content: 'html, body { height: 100%; }'});
	await page.evaluate(axe.source);
	const run = async (context: string): Promise<readonly string[]> => {
		const {violations, passes} = await page.evaluate<axe.AxeResults>(`axe.run(${context}, {iframes: false})`);
		const checked = [...violations, ...passes].filter(({id}) => id === 'color-contrast').flatMap(({nodes}) => nodes);
		if (checked.every(({any}) => any.some(({data}) => isHidden(data)))) {
			throw new Error('axe-core considers every element hidden.');
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

/** Counts the violations of each rule. */
export const describeViolations = (violations: readonly string[]): string => {
	const counts = new Map<string, number>();
	for (const violation of violations) {
		const [rule = ''] = violation.split(':');
		counts.set(rule, (counts.get(rule) ?? 0) + 1);
	}

	return counts.size === 0 ? 'nothing' : [...counts].map(([rule, count]) => `${count} ${rule}`).join(', ');
};
