import type {FaxList, RequestRecord, StateView, SwitchValue} from '../control/views';

/** The simulator refused a request; the message says why. */
export class Refusal extends Error {
	override readonly name = 'Refusal';
}

/** The facts of a fax to send, as entered. */
export type Facts = Readonly<Record<'topic' | 'from' | 'to' | 'csid' | 'copies', string>>;

/** The control API. Paths are relative, since the page may be reached under any host name. */
export const client = {
	state: () => read<StateView>('state'),
	faxes: (since: string) => read<FaxList>(`faxes?since=${encodeURIComponent(since)}`),
	requests: (after: number) => read<{requests: readonly RequestRecord[]}>(`requests?after=${after}&limit=1000`),
	document: async (name: string) => (await ask('GET', fileAddress(name))).arrayBuffer(),
	sendSample: (sample: string, {copies, ...facts}: Facts) => post('faxes', {...facts, sample, copies: Number(copies)}),
	sendFile: (file: Blob, type: string, facts: Facts) =>
		ask('POST', `faxes?${new URLSearchParams(facts).toString()}`, file, type),
	addFault: (rule: object) => post('faults', rule),
	removeFault: (number: number) => ask('DELETE', `faults/${number}`),
	changeNetwork: (conditions: Readonly<Record<string, number>>) => post('network', conditions),
	changeSwitch: (name: string, value: SwitchValue) => post('switches', {[name]: value}),
	advance: (milliseconds: number) => post('clock', {advanceMs: milliseconds}),
	reset: () => post('reset', {}),
} as const;

export function fileAddress(name: string): string {
	return `files/${encodeURIComponent(name)}`;
}

function post(path: string, body: unknown): Promise<Response> {
	return ask('POST', path, JSON.stringify(body), 'application/json');
}

/** Page and simulator come from one build, so answers have the types of views.ts. */
async function read<Answer>(path: string): Promise<Answer> {
	return (await (await ask('GET', path)).json()) as Answer;
}

async function ask(method: string, path: string, body?: BodyInit, type?: string): Promise<Response> {
	const response = await fetch(path, {
		method,
		body: body ?? null,
		...(type !== undefined && {headers: {'Content-Type': type}}),
	});
	if (!response.ok) {
		throw new Refusal(await reason(response));
	}
	return response;
}

async function reason(response: Response): Promise<string> {
	const text = await response.text();
	try {
		return String((JSON.parse(text) as {message: unknown}).message);
	} catch {
		return `Status ${response.status}`;
	}
}
