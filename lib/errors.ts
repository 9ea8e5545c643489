/** What went wrong, as a caller may know it; each code has one HTTP status. */
export const STATUS = {
  bad_request: 400,
  unsupported_media: 400,
  invalid_key: 401,
  insufficient_credits: 402,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  upgrade_required: 426,
  rate_limited: 429,
  internal: 500,
  provider_error: 502,
  unavailable: 503,
  timeout: 504,
} as const;

export type ErrorCode = keyof typeof STATUS;

type ErrorDetails = ErrorOptions & {
  param?: string;
  headers?: Record<string, string>;
  /** The limit that was met, for programs: `project_month`. */
  limit?: string;
  /** A status in the place of the code's: of the management API, for writes that meet another one. */
  status?: 409 | 412 | 428;
  /** A narrower code for programs, in the place of `code` where the dialect has one. */
  reason?: string;
};

/** An error whose message is safe to show the caller. Everything else becomes `internal`. */
export class AppError extends Error {
  readonly param?: string;
  readonly reason?: string;
  readonly limit?: string;
  private readonly ownStatus: number | undefined;
  readonly headers: Record<string, string>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details);
    if (details.param !== undefined) this.param = details.param;
    if (details.reason !== undefined) this.reason = details.reason;
    if (details.limit !== undefined) this.limit = details.limit;
    this.headers = details.headers ?? {};
    this.ownStatus = details.status;
  }

  get status(): number {
    return this.ownStatus ?? STATUS[this.code];
  }
}

/** True for MongoDB's E11000: a unique index refused the write. */
export function isDuplicate(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === 11000;
}

/**
 * Codes of a replica set that has no primary or no majority at the moment: MaxTimeMSExpired, WriteConcernFailed, ShutdownInProgress,
 * PrimarySteppedDown, ExceededTimeLimit, NotWritablePrimary, InterruptedAtShutdown, InterruptedDueToReplStateChange,
 * NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary. https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
 */
const NO_PRIMARY_CODES = new Set<unknown>([
  50, 64, 91, 189, 262, 10107, 11600, 11602, 13435, 13436,
]);

/** True for errors that mean: the database was not reached, has no primary at the moment, or its response was lost. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && (error.code === "EPIPE" || error.code === "ECONNRESET")) return true;
  if (error.name.startsWith("Mongo") && "code" in error && NO_PRIMARY_CODES.has(error.code))
    return true;
  return /^Mongo(Network|ServerSelection|NotConnected|PoolC|ServerClosed|TopologyClosed|WaitQueue|OperationTimeout)/.test(
    error.name,
  );
}

/** True for MongoDB's OutOfDiskSpace: the database is reachable and its disk is full. */
export function isFull(error: unknown): boolean {
  return typeof error === "object" && error !== null && "code" in error && error.code === 14031;
}
