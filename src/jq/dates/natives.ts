import { JqError } from "../errors.ts";
import type { Native, NativeTable, Runtime } from "../runtime.ts";
import type { Json } from "../value.ts";
import { add, subtract } from "../values/arithmetic.ts";
import { utf8Length } from "../values/text.ts";
import {
  type BrokenDown,
  isInRange,
  normalize,
  ofArray,
  ofSeconds,
  toArray,
  toSeconds,
} from "./broken-down.ts";
import { readIso, readIsoSeconds, writeIso } from "./iso.ts";
import { isSpace } from "./reader.ts";
import { formatTime, type Shown } from "./strftime.ts";
import { parseTime } from "./strptime.ts";
import { GREENWICH, localZone, toInstant, type Zone } from "./zone.ts";

/** The one format that `fromdate` and `todate` know. */
const ISO = "%Y-%m-%dT%H:%M:%SZ";

/** Characters of formats that one step pays for. */
const CHARS_PER_STEP = 8;

/** C strings end at a NUL. */
function toC(text: string): string {
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** `strptime(format)` */
function strptime(input: Json, format: Json, rt: Runtime): Json {
  if (typeof input !== "string" || typeof format !== "string")
    throw new JqError("strptime/1 requires string inputs and arguments");
  if (format === ISO) {
    const fields = readIso(input);
    if (fields !== null) return fields;
  }
  rt.meter.spend((input.length + format.length) / CHARS_PER_STEP);
  const text = toC(input);
  const parsed = parseTime(text, toC(format), rt);
  if (parsed === undefined || (parsed.end < text.length && !isSpace(text, parsed.end)))
    throw new JqError(`date "${text}" does not match format "${toC(format)}"`);
  const fields: Json[] = toArray(parsed.time, 0);
  if (parsed.end < text.length) fields.push(text.slice(parsed.end));
  return fields;
}

/** `mktime` */
function mktime(input: Json): number {
  if (!Array.isArray(input)) throw new JqError("mktime requires array inputs");
  const time = ofArray(input);
  if (time === null) throw new JqError("mktime requires parsed datetime inputs");
  return checked(toSeconds(time));
}

/** Two seconds of 1969 are errors: they are what C returns for errors. */
function checked(seconds: number | null): number {
  if (seconds === null || seconds === -1) throw new JqError("invalid gmtime representation");
  if (seconds === -2) throw new JqError("mktime not supported on this platform");
  return seconds;
}

/** `gmtime` and `localtime`: the fraction of a second stays with the seconds. */
function toClock(input: Json, name: string, zone: Zone): number[] {
  if (typeof input !== "number") throw new JqError(`${name}() requires numeric inputs`);
  return toArray(clockAt(input, zone), input - Math.floor(input));
}

/** What the zone's clock shows; the fraction is cut towards 1970. */
function clockAt(seconds: number, zone: Zone): BrokenDown {
  const whole = Math.trunc(seconds);
  const time = isInRange(whole) ? ofSeconds(whole, zone.offsetAt(whole)) : null;
  if (time === null) throw new JqError("error converting number of seconds since epoch to datetime");
  return time;
}

/** `strftime(format)` and `strflocaltime(format)`. */
function format(input: Json, format: Json, name: string, zone: Zone, rt: Runtime): string {
  if (typeof input !== "number" && !Array.isArray(input))
    throw new JqError(`${name} requires parsed datetime inputs`);
  // As jq does: a number that is no time is told first, then a format that is no text.
  const time = typeof input === "number" ? clockAt(input, zone) : undefined;
  if (typeof format !== "string") throw new JqError(`${name} requires a string format`);
  rt.meter.spend(format.length / CHARS_PER_STEP);
  const shown =
    time === undefined ? shownOfArray(input as Json[], name, zone) : showNumber(time, input as number, zone);
  const pattern = toC(format);
  const text = formatTime(pattern, shown, utf8Length(pattern) + 100);
  if (text === null || (text === "" && pattern !== "")) throw new JqError(`${name}: unknown system failure`);
  return text;
}

function showNumber(time: BrokenDown, input: number, zone: Zone): Shown {
  const seconds = Math.trunc(input);
  return show(time, zone, seconds, zone.offsetAt(seconds));
}

const show = (time: BrokenDown, zone: Zone, seconds: number, offset: number): Shown => ({
  time,
  offset,
  zone: zone.nameOf(offset),
  seconds,
});

/** An array that is no time is shown as it is when it cannot be put right. */
function shownOfArray(items: Json[], name: string, zone: Zone): Shown {
  const time = ofArray(items);
  if (time === null) throw new JqError(`${name} requires parsed datetime inputs`);
  const local = toSeconds(time);
  if (local === null) return { time, offset: 0, zone: "UTC", seconds: -1 };
  const seconds = toInstant(zone, local);
  const offset = zone.offsetAt(seconds);
  // Where the clock skips an hour, what is shown is another time than the one asked for.
  const shown = seconds + offset === local ? normalize(time) : ofSeconds(seconds, offset);
  return show(shown ?? time, zone, seconds, offset);
}

const strftime = (input: Json, pattern: Json, rt: Runtime): string =>
  format(input, pattern, "strftime/1", GREENWICH, rt);

/** `fromdate` */
function fromIso(input: Json, rt: Runtime): number {
  const seconds = typeof input === "string" ? readIsoSeconds(input) : null;
  return seconds === null ? mktime(strptime(input, ISO, rt)) : checked(seconds);
}

/** `todate` */
function toIso(input: Json, rt: Runtime): string {
  const text = typeof input === "number" ? writeIso(input) : null;
  return text ?? strftime(input, ISO, rt);
}

function now(rt: Runtime): number {
  if (rt.now === undefined) throw new JqError("now is not available here");
  return rt.now;
}

const fromDate: Native = { arity: 0, run: fromIso };
const toDate: Native = { arity: 0, run: toIso };
const makeTime: Native = { arity: 0, run: mktime };

/** Every builtin of dates. `date`, `dateadd`, `datesub` and `timegm` are not jq 1.8's, but older manuals name them. */
export const dateNatives: NativeTable = new Map<string, Native>([
  ["strptime/1", { arity: 1, run: strptime }],
  ["strftime/1", { arity: 1, run: strftime }],
  [
    "strflocaltime/1",
    { arity: 1, run: (input, a, rt) => format(input, a, "strflocaltime/1", localZone(rt), rt) },
  ],
  ["mktime/0", makeTime],
  ["timegm/0", makeTime],
  ["gmtime/0", { arity: 0, run: (input) => toClock(input, "gmtime", GREENWICH) }],
  ["localtime/0", { arity: 0, run: (input, rt) => toClock(input, "localtime", localZone(rt)) }],
  ["fromdateiso8601/0", fromDate],
  ["fromdate/0", fromDate],
  ["todateiso8601/0", toDate],
  ["todate/0", toDate],
  ["date/0", toDate],
  ["dateadd/2", { arity: 2, run: (input, _unit, n, rt) => add(input, n, rt) }],
  ["datesub/2", { arity: 2, run: (input, _unit, n, rt) => subtract(input, n, rt) }],
  ["now/0", { arity: 0, run: (_input, rt) => now(rt) }],
]);
