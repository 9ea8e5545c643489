import { env } from "@/lib/env";
import { claims } from "./(site)/security/claims";
import { storedFiles } from "./(site)/security/stored";

/** Files that the home page names. */
export const homeFiles = [
  "lib/gateway/handle.ts",
  "lib/usage/schema.ts",
  "lib/accounts/hold.ts",
  "lib/usage/record.ts",
  "lib/log.ts",
  "lib/accounts/schema.ts",
  "lib/ledger/post.ts",
];

/** Every file that a page names as a proof. The server shows these and no other. */
export const shownFiles: ReadonlySet<string> = new Set([
  ...homeFiles,
  ...storedFiles,
  ...Object.values(claims)
    .flat()
    .flatMap(({ files, test }) => [...files, test]),
]);

/** Where a file of the source can be read: in the operator's repository, or on this server. */
export const sourceHref = (file: string): string => `${env().sourceUrl ?? "/source"}/${file}`;
