export type LinkRequest = {
  email: string;
  error: string | null;
  /** The time at which the link expires; null until one has been sent. */
  sentUntil: string | null;
};

export const emptyLinkRequest: LinkRequest = { email: "", error: null, sentUntil: null };
