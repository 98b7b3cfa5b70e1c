import type {Problem} from '../../lib/node-config';
import type {Facts} from './red';

const packageName = '@faxbridge/node-red-retarus-fax';

/** The texts of one node type. The name is spelled out, because the editor knows whose script asks only while that script loads. */
export const catalogue =
	(type: string) =>
	(key: string, facts?: Facts): string =>
		RED._(`${packageName}/${type}:${type}.${key}`, facts);

export const shared = catalogue('retarus-account');

/** The editor shows some messages as HTML, and a flow that somebody imports may hold anything. */
const harmless = (value: string | number): string => {
	const text = String(value).replace(/</g, '‹');
	return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

/** The sentence for a problem, naming the field as the dialog does. */
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
