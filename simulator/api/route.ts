/** Where the API lives on every host of the service. */
export const apiPath = '/faxin/rest/v1';
/** Where the simulator itself is controlled. */
export const controlPath = '/simulator';

/** What a request is about. Names are decoded, `query` is raw. */
export type Route =
	| {readonly kind: 'exchange'; readonly topic: string; readonly query: string}
	| {readonly kind: 'document'; readonly name: string}
	| {readonly kind: 'control'; readonly path: string; readonly query: string}
	| {readonly kind: 'unknown'}
	| {readonly kind: 'malformed'};

export function routeOf(url: string): Route {
	const [path = '', ...rest] = url.split('?');
	const query = rest.join('?');
	if (path === '/') {
		return {kind: 'control', path: controlPath, query};
	}
	if (path === controlPath || path.startsWith(`${controlPath}/`)) {
		return {kind: 'control', path, query};
	}
	const [, collection, encoded] =
		/^\/(topics|files)\/([^/]+)$/.exec(path.startsWith(apiPath) ? path.slice(apiPath.length) : '') ?? [];
	if (encoded === undefined) {
		return {kind: 'unknown'};
	}
	const name = decode(encoded);
	if (name === undefined) {
		return {kind: 'malformed'};
	}
	return collection === 'topics' ? {kind: 'exchange', topic: name, query} : {kind: 'document', name};
}

/** `undefined` for a percent sign that encodes nothing. */
export function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
