import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Seconds on the embedded database, of the files that take longest. Those that are missing take less than these. */
const LONG: Readonly<Record<string, number>> = {
  "flows/kill": 107,
  "flows/order": 62,
  "flows/import": 53,
  "integrations/incidents": 47,
  "e2e/first-light": 46,
  "integrations/incidents-more": 45,
  "flows/server": 41,
  "http/fuzz": 40,
  "e2e/builder": 40,
  "e2e/catalog": 34,
  "flows/migrations": 34,
  "engine/equivalence": 34,
  "e2e/dashboard": 27,
  "flows/apply": 26,
  "e2e/portal": 40,
  "e2e/actions": 40,
  "e2e/acting": 22,
  "e2e/article-walk": 22,
  "e2e/demo-walk": 125,
  "flows/automations-kill": 30,
  "flows/chaos": 25,
  "flows/kill-runs": 30,
};

const secondsOf = ({ moduleId }: TestSpecification): number =>
  LONG[/test\/(.*)\.test\.tsx?$/.exec(moduleId.replaceAll("\\", "/"))?.[1] ?? ""] ?? 0;

/**
 * Begins with the files that take longest, so that all workers end together. Vitest does the same by what it remembers
 * of earlier runs, of which a fresh clone has none.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => secondsOf(b) - secondsOf(a));
  }
}
