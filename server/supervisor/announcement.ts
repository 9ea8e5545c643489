import type { EnvSettings } from "@/lib/env";
import { DEMO_EMAIL } from "./demo-key";

/** What `npm start` prints when OneKey is ready. */
export function announcement(input: {
  settings: EnvSettings;
  origin: string;
  /** Of the demo account; null in live mode. */
  key: string | null;
  readyMs: number;
  /** Whether the default port was in use. */
  isOtherPort: boolean;
}): string {
  const { settings, origin, key, readyMs, isOtherPort } = input;
  const lines = [
    "",
    `OneKey is ready at ${origin} (${settings.mode} mode), ${readyMs} ms after its start.`,
  ];
  if (isOtherPort) lines.push(`Port ${settings.port} is in use. Set PORT to choose another.`);
  lines.push(...(settings.mode === "sandbox" ? sandboxLines(input, key) : liveLines(settings)));
  lines.push("", "Stop it with Ctrl-C.", "");
  return lines.join("\n");
}

function sandboxLines(
  { settings, origin }: { settings: EnvSettings; origin: string },
  key: string | null,
) {
  return [
    "",
    "Sandbox: the providers are mocks on this machine, the credits are play money, nothing leaves it.",
    ...(settings.ignored.length > 0
      ? [`Set in your environment and ignored in the sandbox: ${settings.ignored.join(", ")}.`]
      : []),
    "",
    `Sign in at ${origin}/sign-in as whoever you like; mail arrives at ${origin}/sandbox/mailbox.`,
    "",
    `Try it, as ${DEMO_EMAIL}:`,
    "",
    `  curl -N ${origin}/v1/chat/completions \\`,
    `    -H "Authorization: Bearer ${key}" \\`,
    `    -H "Content-Type: application/json" \\`,
    `    -d '{"model": "gpt-6-luna", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'`,
  ];
}

function liveLines(settings: EnvSettings) {
  const database =
    settings.mongodbUri === undefined
      ? [
          "",
          `The embedded database in ${settings.dataDir} is for one machine; set MONGODB_URI for more.`,
        ]
      : [];
  return [
    ...database,
    "",
    "Create an account and a key:  npm run -s onekey -- account create --email you@example.com --credits 10",
  ];
}
