/** How-to texts, each with the page of the docs that says more. */
export const TOPICS: Record<string, { page: string; says: string }> = {
  quickstart: {
    page: "/docs",
    says: "Make a key in a project, set the tool's base URL to this server and its key to the OneKey key. OpenAI dialect: base URL ends in /v1. Anthropic and Gemini dialects: the host only.",
  },
  keys: {
    page: "/dashboard/projects",
    says: "A key belongs to a project and is shown once. A project can have several. Rotate makes a new key and lets the old one work for the time you choose: not at all, 1 hour, 24 hours or 7 days.",
  },
  teams: {
    page: "/docs/teams",
    says: "A team is a separate account of several people on one balance, created in the account switcher. Its settings have a page for members, roles (owner, admin, developer, billing, viewer) and invitations by email, which work once and for 7 days.",
  },
  limits: {
    page: "/docs/limits",
    says: "A project can be limited in requests a minute, credits a month, models, client addresses and websites, on its page.",
  },
  billing: {
    page: "/docs/billing",
    says: "The maximum cost of a request is held before it is sent, and what it used is charged after it. Setting max_tokens lowers the hold. Failed requests cost nothing.",
  },
  errors: {
    page: "/docs/errors",
    says: "Each status and what to do is listed; every response has x-onekey-request-id, which finds the row on the usage page.",
  },
  credits: {
    page: "/dashboard/credits",
    says: "Credits are bought by card or with USDC and USDT, where the operator has set these up. Automatic top-up is on the same page.",
  },
  privacy: {
    page: "/security",
    says: "Nothing of what is said is kept; one row of metadata is, for 90 days.",
  },
  export: {
    page: "/dashboard/usage",
    says: "Usage rows can be exported as CSV and JSON; all data of the account in settings.",
  },
  alerts: {
    page: "/dashboard/settings",
    says: "Settings has an email alert for a low balance, sessions, and the deletion of the account.",
  },
  "claude code": {
    page: "/docs/claude-code",
    says: "Set ANTHROPIC_BASE_URL to the host only and ANTHROPIC_AUTH_TOKEN to the key.",
  },
  "codex cli": {
    page: "/docs/codex-cli",
    says: "A model provider in config.toml with base_url ending in /v1 and wire_api responses.",
  },
  "gemini cli": {
    page: "/docs/gemini-cli",
    says: "Set GOOGLE_GEMINI_BASE_URL to the host only and GEMINI_API_KEY to the key.",
  },
  cursor: {
    page: "/docs/cursor",
    says: "Override the OpenAI base URL in the settings for models; it ends in /v1.",
  },
  "self-hosting": {
    page: "/docs/self-hosting",
    says: "npm ci and npm start; live mode needs at least one provider's key.",
  },
};
