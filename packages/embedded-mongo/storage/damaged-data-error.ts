/** The data directory does not hold what was acknowledged. Nothing in it was changed. */
export class DamagedDataError extends Error {
  readonly code = "DAMAGED_DATA";
  /** Name of the file in the data directory. */
  readonly file: string;
  /** Byte where the damage begins; null for a missing file. */
  readonly offset: number | null;
  /** What would be missing if the server started all the same. */
  readonly loss: string;

  constructor({
    file,
    offset,
    reason,
    loss,
  }: {
    file: string;
    offset: number | null;
    reason: string;
    loss: string;
  }) {
    const place = offset === null ? "" : ` at byte ${offset}`;
    super(`The database file ${file} is damaged${place}: ${reason}. ${loss} No file was changed.`);
    this.file = file;
    this.offset = offset;
    this.loss = loss;
  }
}
