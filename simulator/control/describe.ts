import type {Fax} from '../faxes/fax';
import type {NumberedRule} from '../faults/faults';
import type {FaultView, FaxRecord, NamedFaultView} from './views';
import {faultNames, namedFaults, type NamedFault} from './named-faults';

export function describeFax(fax: Fax): FaxRecord {
	const {receivedAtMs, ...facts} = fax.facts;
	return {
		...facts,
		receivedAt: new Date(receivedAtMs).toISOString(),
		deleteAfter: new Date(fax.deleteAtMs).toISOString(),
		documents: fax.documents.map(({name, contentType}) => ({name, contentType})),
		state: fax.state,
		events: fax.events,
	};
}

/** JSON has no infinity: a rule without `times` has no `left` either. */
export function describeRule({number, rule, left}: NumberedRule): FaultView {
	return {number, ...rule, ...(Number.isFinite(left) && {left})};
}

export function describeNamedFaults(): NamedFaultView[] {
	return faultNames.map((name) => {
		const {title, needsFax}: NamedFault = namedFaults[name];
		return {name, title, needsFax: needsFax ?? false};
	});
}
