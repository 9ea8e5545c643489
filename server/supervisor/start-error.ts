/** OneKey cannot start, for a reason that the operator can fix. Only its message is printed. */
export class StartError extends Error {}
