import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ladderOf } from "../../src/dora/benchmarks.ts";
import { benchmarkScorecard } from "../../src/ingest/dora-template/benchmark-scorecard.ts";

function titles(limits: Parameters<typeof benchmarkScorecard>[0]): unknown[] {
  const rules = benchmarkScorecard(limits, () => true)?.["rules"];
  return Array.isArray(rules) ? (rules as { title: string }[]).map(({ title }) => title) : [];
}

describe("the scorecard of the benchmarks", () => {
  test("its file is what the template makes of the report of 2024", () => {
    const file = new URL("../../templates/scorecards/dora-benchmark.yaml", import.meta.url);
    const { blueprint, ...scorecard } = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    expect(blueprint).toBe("service");
    expect(scorecard).toEqual(benchmarkScorecard(ladderOf(2024), () => true));
  });

  test("limits are told in words, in the largest unit that is a whole one", () => {
    expect(titles(ladderOf(2024)).slice(0, 4)).toEqual([
      "At least 1 deployment a month",
      "No merged changes, or first commit to merge in less than 1 month",
      "At most 20 % of deployments have the status failed",
      "No incidents, or resolved in less than 1 day",
    ]);
    const odd = { elite: 1800, high: 5400, medium: 129_600 };
    const own = titles({ ...ladderOf(2024), changeLeadTime: odd });
    expect(own.filter((title) => String(title).startsWith("No merged"))).toEqual([
      "No merged changes, or first commit to merge in less than 36 hours",
      "No merged changes, or first commit to merge in less than 90 minutes",
      "No merged changes, or first commit to merge in less than 30 minutes",
    ]);
  });
});
