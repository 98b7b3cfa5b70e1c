/** What went wrong, in a sentence for the person at the terminal: no stack trace helps there. */
export class Problem extends Error {}
