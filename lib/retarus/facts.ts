/** Facts about the service, each once. Their grades and sources: README, "What we know of the service". */

/** The service's own default (graded doc). */
export const defaultLockMs = 60_000;

/** In trial mode a fax is locked just long enough to look. */
export const trialLockMs = 1000;

/** The service is never asked for more faxes at once (the maximum is open; contract: batchSize 1-1000). */
export const largestFetch = 1000;
