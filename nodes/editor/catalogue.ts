import type {Problem} from '../../lib/config-checks';
import type {Facts} from './red';

const packageName = '@faxbridge/node-red-retarus-fax';

/**
 * Looks up the texts of one node type. Keys carry the full namespace, because the editor knows whose script is asking
 * only while that script loads.
 */
export const catalogue =
	(type: string) =>
	(key: string, facts?: Facts): string =>
		RED._(`${packageName}/${type}:${type}.${key}`, facts);

export const shared = catalogue('retarus-account');

/** Makes a value harmless: the editor renders some messages as HTML, and an imported flow may hold anything. */
const harmless = (value: string | number): string => {
	const text = String(value).replace(/</g, '‹');
	return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

/** The sentence for a problem, which names the field by its label. */
export const describe = ({reason, facts}: Problem, label: string | undefined): string => {
	const shown: Record<string, string | number> = {};
	for (const [name, value] of Object.entries(facts)) {
		shown[name] = typeof value === 'number' ? value : harmless(value);
	}

	if (label !== undefined) {
		shown.property = shared('validator.field', {label});
	}

	return shared(`error.${reason}`, shown);
};
