/** How a setting is found: in the environment, or in a file that it names. */
import { readFileSync } from "node:fs";
import { ConfigError } from "./config-error.ts";
import { SETTINGS } from "./settings.ts";

export type Env = Readonly<Record<string, string | undefined>>;

/** What an orchestrator mounts as a file instead of showing it to everybody who lists processes. */
const IN_FILES = new Set(
  SETTINGS.filter(({ name }) => name.endsWith("_FILE")).map(({ name }) => name.slice(0, -"_FILE".length)),
);

function textIn(env: Env, name: string): string | null {
  const value = env[name];
  return value === undefined || value === "" ? null : value;
}

/** @throws ConfigError when both are set, or the file cannot be read or is empty */
function readFromFile(name: string, value: string | null, file: string | null): string | null {
  if (file === null) return value;
  if (value !== null) throw new ConfigError(`${name}_FILE`, file, `and ${name} are both set; use one`);
  let content: string;
  try {
    content = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new ConfigError(`${name}_FILE`, file, `cannot be read (${(error as Error).message})`);
  }
  if (content === "") throw new ConfigError(`${name}_FILE`, file, "names an empty file");
  return content;
}

/** The value of a setting; null: it is not set, or empty. */
export type Text = (name: string) => string | null;

/** @throws ConfigError when asked for a setting that stands in the environment and in a file */
export function textReader(env: Env): Text {
  return (name) => {
    const value = textIn(env, name);
    return IN_FILES.has(name) ? readFromFile(name, value, textIn(env, `${name}_FILE`)) : value;
  };
}

export function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === value);
  if (found === undefined) throw new ConfigError(name, value, `must be one of ${allowed.join(", ")}`);
  return found;
}

/** As `readCount`, or `off`, which is null. */
export const readCountOrOff = (name: string, text: Text, usual: number, max: number): number | null =>
  text(name) === "off" ? null : readCount(name, text, usual, max);

export function readCount(name: string, text: Text, usual: number, max: number): number {
  const value = text(name);
  if (value === null) return usual;
  const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
  if (count < 1 || count > max) throw new ConfigError(name, value, `must be a whole number from 1 to ${max}`);
  return count;
}
