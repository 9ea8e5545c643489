import { notImplemented, commandError } from "../command-error";
import type { ExpressionOperator } from "./expression-values";
import { isDocument, typeName, type BsonDocument, type BsonValue } from "../values/values";

const DAY_MS = 86_400_000;
const UNITS: Record<string, number> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
};
/** The start of the first bin, where a bin has several units. */
const REFERENCE = Date.UTC(2000, 0, 1);

function fieldsOf(name: string, operand: BsonValue, names: string[]): BsonDocument {
  if (!isDocument(operand))
    throw commandError(18629, `${name} only supports an object as its argument`);
  const unknown = Object.keys(operand).find((field) => !names.includes(field));
  if (unknown !== undefined)
    throw commandError(18534, `Unrecognized argument to ${name}: ${unknown}`);
  return operand;
}

/** Other zones would need their history. */
function refuseZone(name: string, zone: BsonValue): void {
  if (zone !== undefined && zone !== "UTC" && zone !== "GMT")
    throw notImplemented(`${name} in another time zone than UTC`);
}

function asDate(name: string, value: BsonValue): Date | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value;
  throw commandError(16006, `${name} can't convert from BSON type ${typeName(value)} to Date`);
}

const pad = (value: number, width: number) => String(value).padStart(width, "0");
const dayOfYear = (date: Date) =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;

const FORMATS: Record<string, (date: Date) => string> = {
  Y: (date) => pad(date.getUTCFullYear(), 4),
  m: (date) => pad(date.getUTCMonth() + 1, 2),
  d: (date) => pad(date.getUTCDate(), 2),
  H: (date) => pad(date.getUTCHours(), 2),
  M: (date) => pad(date.getUTCMinutes(), 2),
  S: (date) => pad(date.getUTCSeconds(), 2),
  L: (date) => pad(date.getUTCMilliseconds(), 3),
  j: (date) => pad(dayOfYear(date), 3),
  w: (date) => String(date.getUTCDay() + 1),
  u: (date) => String(date.getUTCDay() || 7),
  z: () => "+0000",
  Z: () => "0",
  "%": () => "%",
};

const dateToString: ExpressionOperator = (operand, compile) => {
  const { date, format, timezone, onNull } = fieldsOf("$dateToString", operand, [
    "date",
    "format",
    "timezone",
    "onNull",
  ]);
  refuseZone("$dateToString", timezone);
  if (format !== undefined && typeof format !== "string")
    throw notImplemented("A computed date format");
  const text: string = format ?? "%Y-%m-%dT%H:%M:%S.%LZ";
  for (const [, letter = ""] of text.matchAll(/%(.?)/gs))
    if (!Object.hasOwn(FORMATS, letter))
      throw commandError(18536, `Invalid format character '%${letter}' in format string`);
  const value = compile(date as BsonValue);
  const otherwise = onNull === undefined ? () => null : compile(onNull as BsonValue);
  return (scope) => {
    const at = asDate("$dateToString", value(scope));
    if (!at) return otherwise(scope);
    const year = at.getUTCFullYear();
    if (!(year >= 0 && year <= 9999))
      throw commandError(18537, "$dateToString is only defined on year 0-9999");
    return text.replace(/%(.)/g, (_, letter: string) => FORMATS[letter]?.(at) ?? "");
  };
};

const dateTrunc: ExpressionOperator = (operand, compile) => {
  const fields = fieldsOf("$dateTrunc", operand, [
    "date",
    "unit",
    "binSize",
    "timezone",
    "startOfWeek",
  ]);
  const { date, unit, binSize = 1, timezone, startOfWeek = "sunday" } = fields;
  refuseZone("$dateTrunc", timezone);
  if (typeof binSize !== "number" || !Number.isSafeInteger(binSize) || binSize < 1)
    throw notImplemented("A computed bin size");
  const truncate = truncation(unit as BsonValue, binSize, startOfWeek as BsonValue);
  const value = compile(date as BsonValue);
  return (scope) => {
    const at = asDate("$dateTrunc", value(scope));
    return at && new Date(truncate(at));
  };
};

function truncation(unit: BsonValue, bins: number, startOfWeek: BsonValue): (date: Date) => number {
  if (typeof unit !== "string") throw notImplemented("A computed unit of time");
  const length = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  const floor = (time: number, step: number, from: number) =>
    from + Math.floor((time - from) / step) * step;
  if (length !== undefined) return (date) => floor(date.getTime(), length * bins, REFERENCE);
  if (unit === "week") {
    const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    const day = days.indexOf(String(startOfWeek).toLowerCase());
    if (day < 0) throw notImplemented("A start of the week of that name");
    // 2000-01-01 was a Saturday; weeks are counted from the first start of a week on or after it.
    const first = REFERENCE + ((day + 1) % 7) * DAY_MS;
    return (date) => floor(date.getTime(), 7 * DAY_MS * bins, first);
  }
  const months = { month: 1, quarter: 3, year: 12 }[unit];
  if (months === undefined) throw commandError(5439014, `unknown time unit value: ${unit}`);
  return (date) => {
    const since = (date.getUTCFullYear() - 2000) * 12 + date.getUTCMonth();
    return Date.UTC(2000, floor(since, months * bins, 0), 1);
  };
}

export const DATE_OPERATORS: Record<string, ExpressionOperator> = {
  $dateToString: dateToString,
  $dateTrunc: dateTrunc,
};
