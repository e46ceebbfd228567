import { Button, Menu } from "@mantine/core";
import { IconBolt, IconChevronDown } from "@tabler/icons-react";
import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { postJson } from "../api/client.ts";
import { actionsQuery } from "./queries.ts";
import { type ActionDoc, type DatasetDoc, titleOfAction } from "./types.ts";

const RunDrawer = lazy(() => import("./run-drawer.tsx").then((module) => ({ default: module.RunDrawer })));

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

/** The menu of an entity's actions, with the form of the one that is chosen. Nothing without actions. */
export function EntityActions({ blueprint, entity }: { blueprint: string; entity: string }) {
  const actions = useOfferedActions(blueprint, entity);
  const [open, setOpen] = useState<string | null>(null);
  if (actions.length === 0) return null;
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button
            size="xs"
            leftSection={<IconBolt size={15} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            Actions
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map((action) => (
            <Menu.Item
              key={action.identifier}
              {...(action.trigger.operation === "DELETE" ? { color: "red" } : {})}
              onClick={() => setOpen(action.identifier)}
            >
              {titleOfAction(action)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {open === null ? null : <RunDrawer action={open} target={entity} onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}
