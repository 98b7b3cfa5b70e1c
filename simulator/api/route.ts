/** Path of the fax API on every host of the service. */
export const apiPath = '/faxin/rest/v1';
/** Path of the simulator's own API and page. */
export const controlPath = '/simulator';

/** The target of a request. Names are decoded; `query` is raw. */
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

/** Decodes a URL component; `undefined` if a percent sign encodes nothing. */
export function decode(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}
