import { AppError } from "@/lib/errors";

/** The client disconnected before the response was complete. */
export class ClientDisconnectedError extends Error {
  override name = "ClientDisconnectedError";
  /** The channel that had the request and had not responded, once that is known. */
  channel: string | null = null;

  constructor(
    /** Whether the provider had the request, and had not responded. */
    readonly isUnanswered: boolean,
  ) {
    super("The client disconnected.");
  }
}

/** The provider took longer than a request may. */
export class UpstreamTimeoutError extends Error {
  override name = "UpstreamTimeoutError";
  /** The channel that had the request, where no response had begun. */
  channel: string | null = null;

  constructor(options?: ErrorOptions) {
    super("The provider did not respond in time.", options);
  }
}

/** The connection to the provider could not be made, or was interrupted. */
export class UpstreamConnectionError extends Error {
  override name = "UpstreamConnectionError";

  constructor(
    /** Whether any of the request may have reached the provider: then it is not sent again. */
    readonly requestSent: boolean,
    options?: ErrorOptions,
  ) {
    super("The connection to the provider failed.", options);
  }
}

/** Stops reading a response whose rest nobody needs. */
export class ResponseDiscardedError extends Error {
  override name = "ResponseDiscardedError";

  constructor() {
    super("The rest of the response was discarded.");
  }
}

/** The channel of a request that a provider was working on when its client left or its time was up; null for any other error. */
export function channelOfUnanswered(error: unknown): string | null {
  if (error instanceof ClientDisconnectedError) return error.channel;
  const cause = error instanceof AppError ? error.cause : undefined;
  return cause instanceof UpstreamTimeoutError ? cause.channel : null;
}
