import { Button, Menu } from "@mantine/core";
import { IconBolt, IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { OpensMenu } from "../parts/opens.tsx";
import { titleOfAction } from "./types.ts";
import { useOfferedActions } from "./use-offered-actions.ts";

const RunDrawer = lazy(() => import("./run-drawer.tsx").then((module) => ({ default: module.RunDrawer })));

/** The menu of an entity's actions, with the form of the one that is chosen. Nothing without actions. */
export function EntityActions({ blueprint, entity }: { blueprint: string; entity: string }) {
  const actions = useOfferedActions(blueprint, entity);
  const [open, setOpen] = useState<string | null>(null);
  if (actions.length === 0) return null;
  return (
    <>
      <OpensMenu
        position="bottom-end"
        width={240}
        button={
          <Button
            size="xs"
            leftSection={<IconBolt size={15} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            Actions
          </Button>
        }
      >
        {() => (
          <>
            {actions.map((action) => (
              <Menu.Item
                key={action.identifier}
                {...(action.trigger.operation === "DELETE" ? { color: "red" } : {})}
                onClick={() => setOpen(action.identifier)}
              >
                {titleOfAction(action)}
              </Menu.Item>
            ))}
          </>
        )}
      </OpensMenu>
      <Suspense>
        {open === null ? null : <RunDrawer action={open} target={entity} onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}
