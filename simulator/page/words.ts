import type {FaxEventView, FaxStateView} from '../control/views';

export const stateNames: Readonly<Record<FaxStateView['kind'], string>> = {
	waiting: 'waiting',
	locked: 'locked',
	acknowledged: 'acknowledged',
	deleted: 'deleted',
};

const eventNames: Readonly<Record<FaxEventView['kind'], string>> = {
	received: 'received',
	listed: 'listed',
	lapsed: 'lock lapsed',
	downloaded: 'document downloaded',
	acknowledged: 'acknowledged',
	acknowledgedAgain: 'acknowledged again',
	deleted: 'deleted after seven days',
};

export function eventText({kind, atMs, lockedUntilMs, name}: FaxEventView): string {
	const lock = lockedUntilMs === undefined ? '' : `, locked for ${duration(lockedUntilMs - atMs)}`;
	return `${eventNames[kind]}${lock}${name === undefined ? '' : `: ${name}`}`;
}

/** Label of each switch. */
export const switchLabels: Readonly<Record<string, string>> = {
	fieldNames: 'Field of the caller’s number',
	order: 'A request that does both',
	successStatus: 'Status of success',
	unknownId: 'Acknowledging an unknown id',
	acknowledgedId: '... an id already acknowledged',
	deletedId: '... a deleted fax',
	foreignId: '... a fax of another topic',
	unlockedId: '... a fax that is not locked',
	refusalStatus: 'Status of a refused id',
	deletedDocumentStatus: 'Status of a deleted document',
	forbiddenTopicStatus: 'Status of a forbidden topic',
	maximumFetch: 'Largest fetch',
	maximumTimeoutSeconds: 'Largest timeout, in seconds',
	aboveMaximum: 'A larger fetch or timeout',
	maximumUrlLength: 'Longest URL',
	encodedCommaSeparates: 'Does %2C separate ids?',
	requestsPerMinute: 'Requests per minute (0 = no limit)',
	retryAfter: 'Retry-After of a 429',
	errorBody: 'Body of an error',
	metaNames: 'URLs in meta',
	compression: 'gzip',
};

const choiceNames: Readonly<Record<string, string>> = {
	acknowledgeFirst: 'acknowledges first',
	listFirst: 'lists first',
	ignore: 'is ignored',
	refuse: 'is refused',
	acknowledge: 'acknowledges',
	clamp: 'is reduced to it',
	none: 'none',
	true: 'yes',
	false: 'no',
	whenAccepted: 'when accepted',
	nextUrl: 'nextUrl, exitUrl',
	next: 'next, exit',
};

export function choiceName(value: string | number | boolean): string {
	return choiceNames[String(value)] ?? String(value);
}

const units: readonly (readonly [seconds: number, name: string])[] = [
	[86_400, 'd'],
	[3600, 'h'],
	[60, 'min'],
	[1, 's'],
];

/** The two largest units: `1 min 5 s`. */
export function duration(milliseconds: number): string {
	let left = Math.round(milliseconds / 1000);
	const parts: string[] = [];
	for (const [seconds, name] of units) {
		const count = Math.floor(left / seconds);
		left -= count * seconds;
		if (count > 0 && parts.length < 2) {
			parts.push(`${count} ${name}`);
		}
	}
	return parts.join(' ') || '0 s';
}

const dayFormat = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium'});
const timeFormat = new Intl.DateTimeFormat(undefined, {timeStyle: 'medium'});

export const timeOfDay = (milliseconds: number): string => timeFormat.format(milliseconds);

export function dayAndTime(milliseconds: number): string {
	return `${dayFormat.format(milliseconds)}, ${timeFormat.format(milliseconds)}`;
}
