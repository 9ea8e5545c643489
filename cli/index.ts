import { parseArgs } from "node:util";
import { closeDatabase } from "@/lib/db/client";
import { EnvError } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { migrateProjectKeys } from "@/lib/keys/migrate";
import { ensureIndexes } from "@/lib/maintenance/boot";
import { COMMANDS, OFFLINE } from "./commands";

const USAGE = `Usage: npm run -s onekey -- <command> [--json]
  account create --email E [--credits N]     account, first project and a fresh key
  account show --email E                     credits, free requests, projects, holds, totals
  account suspend --email E --reason R       refuses all of its keys immediately, ends its sessions
  account lift --email E --reason R          its keys work again
  credits grant --email E --amount N --reason R
  payments attention                         what was paid, by card or on chain, and not credited automatically
  payments assign --transfer T --email E     credits a transfer that waits to an account
  key create --email E [--name P]            a project with a fresh key
  key regenerate --project prj_…             a fresh key; the old one is refused immediately
  key revoke --project prj_…
  incident open --title T --affected A --text T        shown on /status
  incident update --incident inc_… --text T [--step S]  S is detected, identified or monitoring (default)
  incident resolve --incident inc_… --text T
  incident list
  catalog show [--model M]                   the catalog in force, its versions, or one model of it
  catalog diff [FILE]                        what the versions change, or what a file would change
  catalog apply FILE                         puts a file over the catalog on every server, completely or not at all
  catalog rollback [--version N]             takes the newest version, or that one, out of force
  catalog check                              compares with the providers' lists and with price lists
  reconcile --provider P --day D             our sums of a UTC day against the provider's, by model
  sweep                                      settles or releases what dead instances left, sums closed days up
  export --file F [--resume]                 all documents into a file, servers stopped; goes on after an interruption
  import --file F [--resume]                 such a file into an empty database
  backup --to D                              the embedded database into a new directory D, while it is used; checks the copy
  compact                                    frees disk space of replaced and deleted values of the embedded database
  doctor [--salvage D]                       checks a stopped embedded database; writes what can be read to D
  audit                                      checks the books; exit status 1 unless they balance
`;

const text = { type: "string" } as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      resume: { type: "boolean" },
      email: text,
      credits: text,
      amount: text,
      reason: text,
      project: text,
      name: text,
      file: text,
      transfer: text,
      title: text,
      affected: text,
      text,
      incident: text,
      step: text,
      model: text,
      provider: text,
      day: text,
      version: text,
      to: text,
      salvage: text,
    },
  });
  const { json, resume, ...texts } = values;
  const options = { ...texts, ...(resume ? { resume: "true" } : {}) };
  const words =
    positionals.findLastIndex((_, last) => COMMANDS[positionals.slice(0, last + 1).join(" ")]) + 1;
  const name = positionals.slice(0, words).join(" ");
  const command = COMMANDS[name];
  const [file, ...extraArguments] = positionals.slice(words);
  if (file !== undefined) options.file = file;
  if (
    !command ||
    extraArguments.length > 0 ||
    (file !== undefined && positionals[0] !== "catalog")
  ) {
    process.stderr.write(USAGE);
    return 2;
  }
  if (!OFFLINE.has(name)) {
    await ensureIndexes();
    await migrateProjectKeys();
  }
  const { data, lines, failed: isFailure } = await command(options);
  process.stdout.write(json ? `${JSON.stringify(data)}\n` : `${lines.join("\n")}\n`);
  return isFailure ? 1 : 0;
}

main()
  .catch((error: unknown) => {
    const argumentNames =
      error instanceof AppError ||
      error instanceof EnvError ||
      (error instanceof TypeError && "code" in error);
    process.stderr.write(
      `${argumentNames && error instanceof Error ? error.message : String(error)}\n`,
    );
    return 1;
  })
  .then(async (code) => {
    await closeDatabase().catch(() => undefined);
    process.exit(code);
  });
