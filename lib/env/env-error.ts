/** Everything that is wrong with the environment, found in one go. Never quotes a value: it may be a secret. */
export class EnvError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `The environment needs ${problems.length === 1 ? "a change" : `${problems.length} changes`}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "EnvError";
  }
}
