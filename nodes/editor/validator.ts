import type {NumberProperty, Problem} from '../../lib/node-config';
import {choiceProblem, isVariable, numberProblem} from '../../lib/node-config';
import {describe} from './catalogue';
import type {ValidationOptions} from './red';

/** A variable is accepted everywhere: what it holds is known only where the flow runs, and checked there. */
export const validator = <Node>(problemOf: (value: unknown, node: Node) => Problem | undefined) =>
	function (this: Node, value: unknown, options: ValidationOptions): true | string {
		const problem = isVariable(value) ? undefined : problemOf(value, this);
		return problem ? describe(problem, options.label) : true;
	};

export const numberIn = (property: NumberProperty) => validator((value) => numberProblem(property, value));

export const oneOf = (property: string, choices: readonly string[]) =>
	validator((value) => choiceProblem(property, value, choices));

/** A checkbox gives a boolean, a variable in its place a string. */
export const flag = (property: string) =>
	validator((value) => (typeof value === 'boolean' ? undefined : choiceProblem(property, value, ['true', 'false'])));

/**
 * A stored password arrives as a placeholder, so it is not blank. Where no dialog is open the editor has not loaded the credentials
 * and knows nothing about them.
 */
export const credential = validator((value) =>
	value === undefined || (typeof value === 'string' && value.trim() !== '')
		? undefined
		: {reason: 'credentialsMissing', facts: {}},
);
