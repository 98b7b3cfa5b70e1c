import type {Fault} from './fault';
import {matches, type FaultRule, type FaultTarget} from './rule';

/** A rule in force. */
export interface NumberedRule {
	/** Identifies the rule for its removal. */
	readonly number: number;
	readonly rule: FaultRule;
	/** Requests it will still hit; infinite without `times`. */
	readonly left: number;
}

/**
 * The rules in force. The oldest rule that matches a request hits it, and no other rule counts that request.
 * A rule without `times` never runs out: a fault bound to a fax, a topic or a customer lasts until it is removed,
 * so a client cannot outwait it and has to work around it.
 */
export class Faults {
	#rules: {readonly number: number; readonly rule: FaultRule; left: number}[] = [];
	#added = 0;

	/** @returns a function that removes this rule */
	add(rule: FaultRule): () => void {
		this.#added += 1;
		const number = this.#added;
		this.#rules.push({number, rule, left: rule.times ?? Infinity});
		return () => {
			this.remove(number);
		};
	}

	/** @returns whether the rule was still in force */
	remove(number: number): boolean {
		const kept = this.#rules.filter((rule) => rule.number !== number);
		const isFound = kept.length < this.#rules.length;
		this.#rules = kept;
		return isFound;
	}

	clear(): void {
		this.#rules = [];
	}

	/** The rules in force, oldest first. */
	get rules(): readonly FaultRule[] {
		return this.#rules.map(({rule}) => rule);
	}

	/** The rules in force with their numbers and the requests left to hit. */
	get numbered(): readonly NumberedRule[] {
		return this.#rules.map((rule) => ({...rule}));
	}

	/** The fault that hits this request, if any. Uses up one of the rule's `times`. */
	take(target: FaultTarget): Fault | undefined {
		const found = this.#rules.find(({rule}) => matches(rule, target));
		if (found === undefined) {
			return undefined;
		}
		found.left -= 1;
		this.#rules = this.#rules.filter(({left}) => left > 0);
		return found.rule.fault;
	}
}
