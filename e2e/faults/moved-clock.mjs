// Loaded before a process of the product (`--import`): its clock is off by what a file says, in milliseconds. Timers and
// `performance` go on as they are, as they do where a machine's clock is set.
import { readFileSync } from "node:fs";

const { ONEKEY_TEST_CLOCK: file } = process.env;
const Real = Date;
let offset = 0;

const look = () => {
  try {
    offset = Number(readFileSync(file, "utf8"));
  } catch {
    // Being written.
  }
};
look();
setInterval(look, 50).unref();

const now = () => Real.now() + offset;
globalThis.Date = new Proxy(Real, {
  construct: (target, args, as) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, as),
  apply: () => new Real(now()).toString(),
  get: (target, name, as) => (name === "now" ? now : Reflect.get(target, name, as)),
});
