/** An error as MongoDB reports it: the code and name that the driver and its users know. */
export class CommandError extends Error {
  constructor(
    readonly code: number,
    readonly codeName: string,
    message: string,
    readonly extra: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export const badValue = (message: string) => new CommandError(2, "BadValue", message);
export const failedToParse = (message: string) => new CommandError(9, "FailedToParse", message);
export const typeMismatch = (message: string) => new CommandError(14, "TypeMismatch", message);
/** One of MongoDB's commandError errors without a name. */
export const commandError = (code: number, message: string) =>
  new CommandError(code, `Location${code}`, message);
export const notImplemented = (feature: string) =>
  new CommandError(238, "NotImplemented", `${feature} is not supported by the embedded database.`);
