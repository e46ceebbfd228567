import { usageError } from "../cli-error.ts";

/** What `fairway import git` was asked for, checked. */
export interface ImportOptions {
  readonly service: string | null;
  readonly repository: string | null;
  /** Globs of `--tags`; empty = version tags. */
  readonly tags: readonly string[];
  readonly merges: string | null;
  /** Services of a monorepo with the paths they own; empty = one service, the whole repository. */
  readonly paths: readonly ServicePaths[];
  /** ISO time. */
  readonly since: string | null;
  readonly environment: string;
  /** Send everything again, whatever earlier imports say. */
  readonly full: boolean;
  /** Wait until the numbers are computed. */
  readonly wait: boolean;
}

export interface ServicePaths {
  readonly service: string;
  readonly globs: readonly string[];
}

/** What commander hands over. */
export interface RawImportOptions {
  readonly service?: string;
  readonly repository?: string;
  readonly tags?: readonly string[];
  readonly merges?: string;
  readonly paths?: readonly string[];
  readonly since?: string;
  readonly environment?: string;
  readonly full?: boolean;
  readonly wait?: boolean;
}

/**
 * `api=a/**,b/**` and `api=a/**,web=w/**`: a part that begins with `name=` starts the next service. A glob that holds
 * a `=` itself has a slash or a wildcard before it, or is written `./a=b`.
 */
function parsePaths(specs: readonly string[]): ServicePaths[] {
  const byService = new Map<string, string[]>();
  for (const spec of specs) {
    for (const [service, list] of servicesOf(spec)) {
      const globs = list.map((glob) => glob.trim().replace(/^\.?\//, "")).filter((glob) => glob !== "");
      if (service === "" || globs.length === 0)
        throw usageError(
          `--paths: "${spec}" must read service=glob,…`,
          "for example --paths 'api=services/api/**,lib/**'",
        );
      const known = byService.get(service) ?? [];
      // A folder stands for everything below it.
      known.push(...globs.map((glob) => (glob.endsWith("/") ? `${glob}**` : glob)));
      byService.set(service, known);
    }
  }
  return [...byService].map(([service, globs]) => ({ service, globs: [...new Set(globs)] }));
}

/** One option's services in order, each with its raw globs; the name is empty where none is given. */
function servicesOf(spec: string): [service: string, globs: string[]][] {
  const services: [string, string[]][] = [];
  for (const part of spec.split(",")) {
    const [, name, glob = ""] = /^([^=/*?]*)=(.*)$/s.exec(part) ?? [];
    if (name !== undefined) services.push([name.trim(), [glob]]);
    else if (services.length === 0) services.push(["", [part]]);
    else services.at(-1)?.[1].push(part);
  }
  return services;
}

function parseSince(text: string): string {
  const date = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(
    text,
  )
    ? new Date(text)
    : new Date(Number.NaN);
  if (Number.isNaN(date.getTime()) || date.getTime() < 0)
    throw usageError(`--since: "${text}" is not a date`, "write it as 2026-01-31 or 2026-01-31T12:00:00Z");
  return date.toISOString();
}

function notEmpty(name: string, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (value.trim() === "") throw usageError(`${name} must not be empty`);
  return value.trim();
}

/** Checks the options against each other. */
export function importOptions(raw: RawImportOptions, pathCount: number): ImportOptions {
  const tags = raw.tags ?? [];
  if (raw.merges !== undefined && tags.length > 0)
    throw usageError("--tags and --merges exclude each other: what is a deployment is one or the other");
  const paths = parsePaths(raw.paths ?? []);
  if (paths.length > 0 && raw.service !== undefined)
    throw usageError("--paths names the services itself: leave --service out");
  for (const option of ["service", "repository", "paths"] as const)
    if (pathCount > 1 && raw[option] !== undefined && raw[option].length > 0)
      throw usageError(
        `--${option} belongs to one repository, but ${pathCount} were given`,
        "import them one by one",
      );
  return {
    service: notEmpty("--service", raw.service),
    repository: notEmpty("--repository", raw.repository),
    tags,
    merges: notEmpty("--merges", raw.merges),
    paths,
    since: raw.since === undefined ? null : parseSince(raw.since),
    environment: notEmpty("--environment", raw.environment) ?? "Production",
    full: raw.full ?? false,
    wait: raw.wait ?? true,
  };
}
