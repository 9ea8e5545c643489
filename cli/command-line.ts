import { parseArgs } from "node:util";
import type { CommandOptions } from "./options";

export const USAGE = `Usage: npm run -s onekey -- <command> [--json]
  account create --email E [--credits N]     account, first project and a fresh key
  account show --email E                     credits, free requests, projects, holds, totals
  account suspend --email E --reason R       refuses all of its keys immediately, ends its sessions
  account lift --email E --reason R          its keys work again
  credits grant --email E --amount N --reason R  adds a grant to the ledger
  payments attention                         what was paid, by card or on chain, and not credited automatically
  payments assign --transfer T --email E     credits a transfer from an unknown sender to an account, once
  key create --email E [--name P]            a project with a fresh key
  key regenerate --project prj_…             a fresh key; the old one is refused immediately
  key revoke --project prj_…                 revokes all of its keys
  incident open --title T --affected A --text T         shows an incident on /status
  incident update --incident inc_… --text T [--step S]  S is detected, identified or monitoring (default)
  incident resolve --incident inc_… --text T            ends it
  incident list                              the last 20
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
  help                                       this list
It uses the settings of the server: ONEKEY_MODE, ONEKEY_DATA_DIR, MONGODB_URI.
`;

const text = { type: "string" } as const;

/** A command with its options, or what is wrong with the command line and where to print it. */
type CommandLine =
  | { kind: "command"; name: string; options: CommandOptions; isJson: boolean }
  | { kind: "help" }
  | { kind: "mistake"; message: string };

/** Reads the arguments of the process. Throws TypeError for an option that no command has. */
export function readCommandLine(args: string[], names: string[]): CommandLine {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
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
  const { help: isHelp, json: isJson = false, resume, ...texts } = values;
  if (isHelp || positionals[0] === "help") return { kind: "help" };
  if (positionals.length === 0) return { kind: "mistake", message: USAGE };
  const words = positionals.findLastIndex((_, last) =>
    names.includes(positionals.slice(0, last + 1).join(" ")),
  );
  const name = positionals.slice(0, words + 1).join(" ");
  if (name === "") return mistake(`There is no command "${positionals.join(" ")}".`);
  const [file, ...otherFiles] = positionals.slice(words + 1);
  const takesFile = positionals[0] === "catalog";
  const [extraArgument] = takesFile || file === undefined ? otherFiles : [file];
  if (extraArgument !== undefined) return mistake(`"${name}" has no argument "${extraArgument}".`);
  const options: CommandOptions = { ...texts };
  if (resume) options.resume = "true";
  if (file !== undefined) options.file = file;
  return { kind: "command", name, options, isJson };
}

const mistake = (problem: string): CommandLine => ({
  kind: "mistake",
  message: `${problem} For all commands: npm run -s onekey -- help\n`,
});
