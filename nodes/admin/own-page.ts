/** Node-RED 4 answers requests of the Admin API with `Access-Control-Allow-Origin: *`: without a login any web page could read what is meant for the editor. */

/** Of a request, in lower case. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Whether a request comes from a page of this Node-RED, or from no page at all.
 * A proxy in front may change `Host`; what a browser itself says of the site, no page can.
 */
export const isOwnPage = ({origin, host, 'sec-fetch-site': site}: Headers): boolean => {
	if (site === 'same-origin' || origin === undefined) {
		return site === undefined || site === 'same-origin' || site === 'none';
	}

	return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).host === host;
};
