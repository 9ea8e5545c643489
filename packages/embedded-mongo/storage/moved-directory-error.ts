/** The data directory is not where it was when the server opened it. Everything acknowledged is in it, wherever it is. */
export class MovedDirectoryError extends Error {
  readonly code = "MOVED_DIRECTORY";

  constructor(dir: string) {
    super(
      `The data directory ${dir} was moved, deleted or replaced while the database was using it.`,
    );
  }
}
