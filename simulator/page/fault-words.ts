import type {Fault} from '../faults/fault';
import type {FaultRule, PhaseSelector} from '../faults/rule';
import type {FaultView} from '../control/views';

export const faultLabels: Readonly<Record<Fault['kind'], string>> = {
	status: 'status',
	lostAnswer: 'lost answer',
	reset: 'connection reset',
	hang: 'no answer',
	trickle: 'slow answer',
	html: 'block page, 200',
	redirect: 'redirect',
	noResults: '200 without a list',
	badJson: 'broken JSON',
	empty: 'empty body',
	fin: 'connection closed mid-body',
	truncated: 'truncated body',
	truncatedUnannounced: 'truncated body, no length',
	wrongLength: 'wrong Content-Length',
	endless: 'endless body',
	gzip: 'gzip, even unasked',
};

export const phaseLabels: Readonly<Record<PhaseSelector, string>> = {
	any: 'all requests',
	fetching: 'polls',
	acknowledging: 'acknowledgements',
	document: 'documents',
	poll: 'polls without ids',
	pollWithAcknowledge: 'polls with ids',
	acknowledge: 'acknowledgements alone',
};

interface Condition {
	readonly label: string;
	readonly inputType: 'text' | 'number';
	readonly toRule: (value: string) => Omit<FaultRule, 'fault'>;
}

/** The conditions that bind a rule to content. */
export const conditions: readonly Condition[] = [
	{label: 'of fax', inputType: 'text', toRule: (faxId) => ({faxId})},
	{label: 'of document', inputType: 'text', toRule: (fileName) => ({fileName})},
	{label: 'of topic', inputType: 'text', toRule: (topic) => ({topic})},
	{label: 'of customer', inputType: 'text', toRule: (customerNumber) => ({customerNumber})},
	{
		label: 'with a URL longer than, in bytes',
		inputType: 'number',
		toRule: (bytes) => ({urlLongerThanBytes: Number(bytes)}),
	},
];

/** `status 503 on polls of topic orders × 2`. */
export function ruleText(rule: FaultView): string {
	const {fault, phase, left, faxId, fileName, topic, customerNumber, urlLongerThanBytes} = rule;
	return [
		faultText(fault),
		`on ${phaseLabels[phase ?? 'any']}`,
		faxId === undefined ? '' : `of fax ${faxId}`,
		fileName === undefined ? '' : `of document ${fileName}`,
		topic === undefined ? '' : `of topic ${topic}`,
		customerNumber === undefined ? '' : `of customer ${customerNumber}`,
		urlLongerThanBytes === undefined ? '' : `with a URL longer than ${urlLongerThanBytes} bytes`,
		left === undefined ? '' : `× ${left}`,
	]
		.filter((part) => part !== '')
		.join(' ');
}

function faultText(fault: Fault): string {
	switch (fault.kind) {
		case 'status':
			return `status ${fault.status}${fault.retryAfter === undefined ? '' : `, Retry-After ${fault.retryAfter}`}`;
		case 'redirect':
			return `redirect to ${fault.location}`;
		default:
			return faultLabels[fault.kind];
	}
}
