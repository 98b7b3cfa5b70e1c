/** Tells requests of this Node-RED's own pages from those of other web pages. */

/** Headers of a request, in lower case. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Whether a request comes from a page of this Node-RED, or from no page at all. Node-RED 4 answers the Admin API with
 * `Access-Control-Allow-Origin: *`: without this check and without a login, any web page could read patient data.
 * `Sec-Fetch-Site` takes precedence, because a page cannot forge it, whereas a reverse proxy may change `Host`.
 */
export const isOwnPage = ({origin, host, 'sec-fetch-site': site}: Headers): boolean => {
	if (site === 'same-origin' || origin === undefined) {
		return site === undefined || site === 'same-origin' || site === 'none';
	}

	return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).host === host;
};
