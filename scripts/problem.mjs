/** An error that its message explains to the person at the terminal, so it is printed without a stack trace. */
export class Problem extends Error {}
