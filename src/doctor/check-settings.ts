/** Settings, read as a start would read them, but without making a folder or a key. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Config, ConfigError, loadConfig } from "../config.ts";
import { unknownSettings } from "../config/unknown-settings.ts";
import { failed, type Finding, ok, reasonOf, warning } from "./finding.ts";

export type Env = Readonly<Record<string, string | undefined>>;

export interface Settings {
  /** Without those that are wrong; null: nothing can be made of them. */
  readonly config: Config | null;
  /** Which those were. */
  readonly wrong: ReadonlySet<string>;
  /** FAIRWAY_DATA, or what a start takes without it. */
  readonly dataDir: string;
  /** false: there is no key yet, and the one of `config` is nobody's. */
  readonly hasSecretKey: boolean;
  /** false: there are no API credentials yet, and those of `config` are nobody's. */
  readonly hasCredentials: boolean;
  readonly findings: readonly Finding[];
}

/** How many wrong settings are named at once. */
const MOST = 20;
/** Of these nothing can be assumed: what would be looked at instead is another database, or another folder. */
export const DECISIVE = ["DATABASE_URL", "DATABASE_URL_FILE", "FAIRWAY_ROLE"] as const;

export function checkSettings(env: Env): Settings {
  const given = env["FAIRWAY_DATA"];
  const dataDir = resolve(given === undefined || given === "" ? "./.fairway" : given);
  const unknown = unknownSettings(env);
  const findings: Finding[] = unknown.map((name) =>
    failed(
      "settings.unknown",
      `${name} is no setting of Fairway`,
      "a server with it refuses to start; a misspelt setting would be without effect",
      "correct or remove it: docs/configuration.md lists all settings",
    ),
  );
  const left: Record<string, string | undefined> = { ...env };
  for (const name of unknown) delete left[name];
  const set = Object.keys(left).filter((name) => /^(FAIRWAY|DATABASE)_/.test(name)).length;
  const isGiven = (...names: readonly string[]): boolean =>
    names.some((name) => left[name] !== undefined && left[name] !== "");
  // A start would take these from the data folder; here they are handed to a scratch one.
  if (!isGiven("FAIRWAY_SECRET_KEY", "FAIRWAY_SECRET_KEY_FILE") && existsSync(join(dataDir, "secret.key")))
    left["FAIRWAY_SECRET_KEY_FILE"] = join(dataDir, "secret.key");
  if (
    !isGiven("FAIRWAY_SECRET_KEY_OLD", "FAIRWAY_SECRET_KEY_OLD_FILE") &&
    existsSync(join(dataDir, "secret.key.old"))
  )
    left["FAIRWAY_SECRET_KEY_OLD_FILE"] = join(dataDir, "secret.key.old");
  if (!isGiven("FAIRWAY_CLIENT_ID", "FAIRWAY_CLIENT_SECRET", "FAIRWAY_CLIENT_SECRET_FILE"))
    takeCredentials(left, join(dataDir, "credentials.json"), findings);
  const hasSecretKey = isGiven("FAIRWAY_SECRET_KEY", "FAIRWAY_SECRET_KEY_FILE");
  const hasCredentials = isGiven("FAIRWAY_CLIENT_ID");
  const wrong = new Set<string>();
  const config = loadWithout(left, wrong, dataDir, findings);
  if (findings.length === 0)
    findings.push(ok("settings.load", `the settings load (${set} of them are set in this shell)`));
  else if (config !== null && wrong.size > 0)
    findings.push(
      warning(
        "settings.load",
        `what follows was checked as if ${[...wrong].join(", ")} were not set`,
        "a server with these settings does not start at all",
        "correct them and run fairway doctor again",
      ),
    );
  return {
    ...{ config, wrong, dataDir, findings },
    hasSecretKey: hasSecretKey && isGiven("FAIRWAY_SECRET_KEY", "FAIRWAY_SECRET_KEY_FILE"),
    hasCredentials: hasCredentials && isGiven("FAIRWAY_CLIENT_ID"),
  };
}

function takeCredentials(left: Record<string, string | undefined>, path: string, findings: Finding[]): void {
  if (!existsSync(path)) return;
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as { clientId?: unknown; clientSecret?: unknown };
    if (typeof kept.clientId !== "string" || typeof kept.clientSecret !== "string")
      throw new Error("it does not hold {clientId, clientSecret}");
    left["FAIRWAY_CLIENT_ID"] = kept.clientId;
    left["FAIRWAY_CLIENT_SECRET"] = kept.clientSecret;
  } catch (error) {
    findings.push(
      failed(
        "settings.credentials",
        `${path} cannot be used (${reasonOf(error)})`,
        "a server refuses to start, and commands of this machine cannot sign in",
        "run fairway doctor as the user of the server; where the file is damaged, remove it: the next start makes new credentials",
      ),
    );
  }
}

/** Loads them, in a scratch folder; each one that is wrong is told and left out. */
function loadWithout(
  left: Record<string, string | undefined>,
  wrong: Set<string>,
  dataDir: string,
  findings: Finding[],
): Config | null {
  const scratch = mkdtempSync(join(tmpdir(), "fairway-doctor-"));
  try {
    for (let i = 0; i < MOST; i += 1)
      try {
        return { ...loadConfig({ ...left, FAIRWAY_DATA: scratch }, []), dataDir };
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const names = [error.setting, `${error.setting}_FILE`];
        const isSet = names.some((name) => left[name] !== undefined && left[name] !== "");
        // What is missing now is missing because its partner was left out.
        if (!(wrong.size > 0 && /\bneeds\b|is missing/.test(error.message)))
          findings.push(
            failed(
              "settings.value",
              error.message,
              "a server with this setting refuses to start",
              "correct it: docs/configuration.md has the rule of each setting",
            ),
          );
        if (!isSet) return null;
        wrong.add(error.setting);
        for (const name of names) delete left[name];
      }
    return null;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
