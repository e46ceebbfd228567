import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { postJson } from "../api/client.ts";
import { actionsQuery } from "./queries.ts";
import type { ActionDoc, DatasetDoc } from "./types.ts";

/** Whether the action's condition holds for the entity. */
const offeredOn = (blueprint: string, entity: string, condition: DatasetDoc) => {
  const named = { property: "$identifier", operator: "=", value: entity };
  const query = {
    combinator: "and",
    rules: [named, { combinator: condition.combinator ?? "and", rules: condition.rules ?? [] }],
  };
  return queryOptions({
    queryKey: ["entities", blueprint, "offers", query],
    queryFn: ({ signal }) =>
      postJson<{ entities: unknown[] }>(
        `/v1/blueprints/${encodeURIComponent(blueprint)}/entities/search`,
        { query, include: ["$identifier"], limit: 1 },
        signal,
      ),
    select: (answer) => answer.entities.length > 0,
  });
};

/** Actions that are offered on an entity: of its blueprint, published, whose condition holds. */
export function useOfferedActions(blueprint: string, entity: string): ActionDoc[] {
  const all = (useQuery(actionsQuery("self-service")).data ?? []).filter(
    ({ trigger, publish }) =>
      trigger.blueprintIdentifier === blueprint && trigger.operation !== "CREATE" && publish !== false,
  );
  const conditions = useQueries({
    queries: all.map(({ trigger }) => ({
      ...offeredOn(blueprint, entity, trigger.condition ?? {}),
      enabled: Boolean(trigger.condition),
    })),
  });
  return all.filter(({ trigger }, index) => !trigger.condition || conditions[index]?.data === true);
}
