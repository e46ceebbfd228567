import { pathGlob } from "./path-glob.ts";
import { toIdentifier } from "./identifier.ts";
import type { ImportOptions } from "./import-options.ts";

export interface PlannedService {
  readonly identifier: string;
  readonly title: string;
  /** Globs; null = the whole repository. */
  readonly paths: readonly string[] | null;
  touches(paths: readonly string[]): boolean;
}

function touching(globs: readonly string[] | null): PlannedService["touches"] {
  if (globs === null) return () => true;
  const patterns = globs.map(pathGlob);
  return (paths) => paths.some((path) => patterns.some((pattern) => pattern.test(path)));
}

export function plannedService(name: string, paths: readonly string[] | null): PlannedService {
  return { identifier: toIdentifier(name), title: name, paths, touches: touching(paths) };
}

/** The services that a repository is imported as. */
export function planServices(options: ImportOptions, repository: string): PlannedService[] {
  if (options.paths.length > 0)
    return options.paths.map(({ service, globs }) => plannedService(service, globs));
  const name = options.service ?? repository.split("/").findLast((part) => part !== "") ?? repository;
  return [plannedService(name, null)];
}

/** What the prefix of a tag may call a service, in lower case: `packages/api` and `api`. */
export function namesOfPrefix(prefix: string): readonly string[] {
  return [prefix, prefix.split(/[/@]/).at(-1) ?? ""].map((name) => name.toLowerCase());
}

/**
 * The services that a tag deploys: the one that the tag's prefix names (`api@1.2.3`, `packages/api/v1.2.3`), else
 * all of them.
 */
export function servicesOfTag(
  services: readonly PlannedService[],
  prefix: string,
): readonly PlannedService[] {
  if (prefix === "" || services.length < 2) return services;
  const names = namesOfPrefix(prefix);
  const named = services.filter((service) => names.includes(service.title.toLowerCase()));
  return named.length > 0 ? named : services;
}
