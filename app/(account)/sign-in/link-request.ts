export type LinkRequest = {
  email: string;
  error: string | null;
  /** The time at which the link that was sent expires; null as long as none was. */
  sentUntil: string | null;
};

export const emptyLinkRequest: LinkRequest = { email: "", error: null, sentUntil: null };
