/** Questions about scorecards, and writing them. */
import { queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, postJson, sendJson } from "../api/client.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";
import type { CountedValues } from "../catalog/queries.ts";
import type { ScorecardDoc } from "./types.ts";

const at = (blueprint: string, scorecard?: string): string => {
  const list = `/v1/blueprints/${encodeURIComponent(blueprint)}/scorecards`;
  return scorecard === undefined ? list : `${list}/${encodeURIComponent(scorecard)}`;
};

export const scorecardsQuery = queryOptions({
  queryKey: ["blueprints", "scorecards"],
  queryFn: ({ signal }) => getJson<{ scorecards: ScorecardDoc[] }>("/v1/scorecards", {}, signal),
  select: (answer) => answer.scorecards,
});

export const blueprintScorecardsQuery = (blueprint: string) =>
  queryOptions({
    queryKey: ["blueprints", blueprint, "scorecards"],
    queryFn: ({ signal }) => getJson<{ scorecards: ScorecardDoc[] }>(at(blueprint), {}, signal),
    select: (answer) => answer.scorecards,
  });

const ofBlueprint = (blueprint: string) => ({ property: "$blueprint", operator: "=", value: blueprint });

/**
 * How many entities have each level, or with a rule SUCCESS and FAILURE, and how many of these on the base level, or that fail,
 * have nothing that could be compared.
 */
export const levelCountsQuery = (blueprint: string, scorecard: string, rule?: string) => {
  const body = {
    func: "countValues",
    query: { combinator: "and", rules: [ofBlueprint(blueprint)] },
    scorecard,
    ...(rule === undefined ? {} : { rule }),
  };
  return queryOptions({
    queryKey: ["entities", blueprint, "levels", scorecard, rule],
    queryFn: ({ signal }) => postJson<{ result: CountedValues }>("/v1/entities/aggregate", body, signal),
    select: ({ result: { values, pending = false } }) => {
      // Null is of those that it is not about.
      const counts = new Map(
        values.flatMap(({ value, count }) => (typeof value === "string" ? [[value, count]] : [])),
      );
      const withoutData = values.reduce((sum, one) => sum + (one.withoutData ?? 0), 0);
      // Results of an earlier definition are shown until there are others.
      return { counts, withoutData, pending, isWorkedOutLater: pending && counts.size === 0 };
    },
  });
};

const SHOWN = 50;

/** The first entities that fail a rule, or that have a level. */
export const matchingQuery = (blueprint: string, scorecard: string, rule: string | null, value: string) => {
  const asked = { scorecard, ...(rule === null ? {} : { scorecardRule: rule }), operator: "=", value };
  const body = { query: { combinator: "and", rules: [asked] }, limit: SHOWN };
  return queryOptions({
    queryKey: ["entities", blueprint, "matching", body],
    queryFn: ({ signal }) =>
      postJson<{ entities: EntityDoc[] }>(
        `/v1/blueprints/${encodeURIComponent(blueprint)}/entities/search`,
        body,
        signal,
      ),
    select: (answer) => answer.entities,
  });
};

interface Saved {
  readonly scorecard: ScorecardDoc;
  readonly warnings?: string[];
}

/** @param identifier null: a new one */
export const saveScorecard = (blueprint: string, identifier: string | null, document: unknown) =>
  identifier === null
    ? postJson<Saved>(at(blueprint), document)
    : sendJson<Saved>("PUT", at(blueprint, identifier), document);

export const deleteScorecard = (blueprint: string, identifier: string) =>
  deleteJson<{ ok: true }>(at(blueprint, identifier));

export interface LevelHistoryDoc {
  readonly levels: readonly string[];
  readonly points: readonly { readonly at: string; readonly counts: Readonly<Record<string, number>> }[];
}

/** How many entities had each level at the end of each interval. */
export const levelHistoryQuery = (blueprint: string, scorecard: string, preset: string, interval: string) =>
  queryOptions({
    queryKey: ["entities", blueprint, "level-history", scorecard, preset, interval],
    queryFn: ({ signal }) =>
      getJson<LevelHistoryDoc>(`${at(blueprint, scorecard)}/history`, { preset, interval }, signal),
  });

export interface MoveDoc {
  readonly at: string;
  readonly entity: { readonly identifier: string; readonly title: string | null; readonly exists: boolean };
  readonly from: string | null;
  readonly to: string | null;
  readonly direction: "up" | "down" | "none";
  readonly rules: readonly string[];
}

export const MOVES_SHOWN = 50;

/** Who moved between levels, newest first. @param entity null: all */
export const levelMovesQuery = (blueprint: string, scorecard: string, entity: string | null) =>
  queryOptions({
    queryKey: ["entities", blueprint, "level-moves", scorecard, entity],
    queryFn: ({ signal }) =>
      getJson<{ moves: MoveDoc[]; next: string | null }>(
        `${at(blueprint, scorecard)}/moves`,
        { limit: MOVES_SHOWN, ...(entity === null ? {} : { entity }) },
        signal,
      ),
  });
