/** An error whose message tells the person at the terminal enough: it is printed without a stack trace. */
export class Problem extends Error {}
