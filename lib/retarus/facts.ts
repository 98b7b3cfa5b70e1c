/**
 * Every fact about the service that the core goes by, once, in milliseconds and bytes, with how well it is known:
 * *seed* is the API description the project started from, *doc* Retarus's public manuals, *client* its own Python
 * client, and *ours* a limit we set ourselves because nothing is known (README, "What we know of the service").
 */

const secondMs = 1000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * How long the service keeps a fax after its receipt, downloaded or not, unless the customer has agreed otherwise
 * (seed, doc).
 */
export const keptByServiceMs = 7 * dayMs;

/** The lock of a request that names none (doc, client). Sent where nothing is fetched. */
export const defaultLockMs = 60 * secondMs;

/**
 * The shortest lock that locks: whole seconds, and 0 keeps nothing locked (doc, client). For looking, and in trial
 * mode.
 */
export const trialLockMs = secondMs;

/** The most faxes to ask for at once (ours; the service's own limit is unknown). */
export const largestFetch = 1000;

/**
 * The ids of one request, encoded. Common servers refuse a URL of 8 kB (ours; the service's own limit is unknown).
 */
export const longestIdsBytes = 4096;

/** Far more than an answer that lists 1000 faxes (ours). */
export const largestAnswerBytes = 32 * 1024 * 1024;

/** The longest pause that a Retry-After can ask for (ours). */
export const longestRetryAfterMs = hourMs;
