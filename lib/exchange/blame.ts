/** What a failed exchange says about the ids that it carried. */
import {AuthError, NetworkError, RateLimitError, ServiceError, TopicError, type RetarusError} from '../errors';

/** It lies between here and the service, or with the account: the same request may pass any time. */
export const isBetween = (error: RetarusError): boolean =>
	error instanceof RateLimitError ||
	error.scope === 'account' ||
	(error instanceof NetworkError && error.phase === 'connecting');

/**
 * The service itself, in words of its own, will not take this id. A page of a firewall or load balancer proves nothing,
 * and 408, 421 and 425 speak about the moment.
 */
export const isRefusal = (error: RetarusError): boolean =>
	error.speaker === 'service' &&
	(error instanceof TopicError ||
		(error instanceof AuthError && error.scope === 'topic') ||
		(error instanceof ServiceError && error.status < 500 && ![408, 421, 425].includes(error.status)));

export const statusOf = (error: RetarusError): number =>
	error instanceof ServiceError ? error.status : error instanceof AuthError ? 403 : 404;
