import type {Problem} from '../../lib/config-checks';
import type {NumberProperty} from '../../lib/node-config';
import {choiceProblem, isVariable, numberProblem} from '../../lib/config-checks';
import {describe} from './catalogue';
import type {ValidationOptions} from './red';

/** Creates a validator that accepts every variable: its value is known, and checked, only where the flow runs. */
export const validator = <Node>(problemOf: (value: unknown, node: Node) => Problem | undefined) =>
	function (this: Node, value: unknown, options: ValidationOptions): true | string {
		const problem = isVariable(value) ? undefined : problemOf(value, this);
		return problem ? describe(problem, options.label) : true;
	};

export const numberIn = (property: NumberProperty) => validator((value) => numberProblem(property, value));

export const oneOf = (property: string, choices: readonly string[]) =>
	validator((value) => choiceProblem(property, value, choices));

/** Validates a checkbox, which yields a boolean, or the text field in its place, which yields a string. */
export const flag = (property: string) =>
	validator((value) => (typeof value === 'boolean' ? undefined : choiceProblem(property, value, ['true', 'false'])));

/**
 * Refuses a blank credential. A stored password arrives as a placeholder and is not blank. While no dialog is open, the
 * value is `undefined`, because the editor has not loaded the credentials.
 */
export const credential = validator((value) =>
	value === undefined || (typeof value === 'string' && value.trim() !== '')
		? undefined
		: {reason: 'credentialsMissing', facts: {}},
);
