import { describe, expect, test } from "vitest";
import { type BlueprintDoc, columnsOf } from "../../src/web/catalog/blueprint.ts";
import { aggregationsBehind, inCommon, measuredParts, rulesIn } from "../../src/web/catalog/measured-text.ts";

const deployment: BlueprintDoc = {
  identifier: "deployment",
  schema: {
    properties: {
      createdAt: { type: "string", format: "date-time", title: "Finished" },
      environment: { type: "string", title: "Environment" },
      deploymentStatus: { type: "string", title: "Status" },
    },
  },
};
const lately = { property: "createdAt", operator: "between", value: { preset: "lastMonth" } };
const failed = { property: "deploymentStatus", operator: "=", value: "Failed" };
const production = { property: "environment", operator: "in", value: ["Production"] };
const said = (
  rules: readonly object[],
  environment: string | null = "environment",
  preset?: string,
): string =>
  measuredParts({ columns: columnsOf(deployment), environment, rules, ...(preset && { preset }) }).join(", ");

describe("what a number covers", () => {
  test("window, environments and the rest, each in words", () => {
    expect(said([lately])).toBe("last 30 days, all environments");
    expect(said([failed, lately, production])).toBe("last 30 days, Production, Status is Failed");
    expect(said([{ ...production, operator: "!=", value: "Test" }])).toBe(
      "all time, Environment is not Test",
    );
    expect(said([], "environment", "last2Years")).toBe("last 2 years, all environments");
  });

  test("all time only where nothing is about a time, at any depth", () => {
    const range = {
      property: "createdAt",
      operator: "between",
      value: { from: "2026-10-01", to: "2026-10-31" },
    };
    const later = { property: "$createdAt", operator: ">", value: "2026-10-01T00:00:00Z" };
    for (const rule of [range, later, { combinator: "or", rules: [failed, range] }])
      expect(said([rule])).toMatch(/^all environments, /);
    expect(said([{ combinator: "and", rules: [production, { combinator: "and", rules: [lately] }] }])).toBe(
      "last 30 days, Production",
    );
    expect(said([failed])).toBe("all time, all environments, Status is Failed");
  });

  test("of what has no environment, only what is asked for", () => {
    expect(said([], null)).toBe("");
    expect(said([failed], null)).toBe("Status is Failed");
    expect(said([{ operator: "relatedTo", blueprint: "_team", value: "red" }], null)).toBe("related to red");
    expect(said([{ property: { path: ["x"] }, operator: "matchAny", value: "a" }], null)).toBe(
      "other conditions",
    );
  });

  test("one of several conditions is one", () => {
    const either = { combinator: "or", rules: [failed, production] };
    expect(rulesIn({ combinator: "and", rules: [lately, failed] })).toHaveLength(2);
    expect(rulesIn(either)).toEqual([either]);
    expect(rulesIn(undefined)).toEqual([]);
    expect(said(rulesIn(either), null)).toBe("(Status is Failed or Environment is Production)");
  });

  test("a calculation covers what all that it is made of do", () => {
    const query = (...rules: object[]) => ({ combinator: "and", rules });
    const service: BlueprintDoc = {
      identifier: "service",
      calculationProperties: {
        percent: { type: "number", calculation: '.properties["bad"] / (.properties.bad + .properties.all)' },
        other: { type: "number", calculation: "[.properties.size * 2] | all" },
      },
      aggregationProperties: {
        all: { target: "deployment", query: query(lately) },
        bad: { target: "deployment", query: query(lately, failed) },
        older: { target: "deployment", query: query() },
      },
    };
    const behind = aggregationsBehind(service, "percent");
    expect(behind).toHaveLength(2);
    const parts = behind.map((one) =>
      measuredParts({
        columns: columnsOf(deployment),
        environment: "environment",
        rules: rulesIn(one.query),
      }),
    );
    expect(inCommon(parts)).toEqual(["last 30 days", "all environments"]);
    expect(aggregationsBehind(service, "all")).toHaveLength(1);
    expect(aggregationsBehind(service, "other")).toEqual([]);
  });
});
