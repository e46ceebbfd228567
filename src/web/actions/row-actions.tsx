import { Menu } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { encodeJsurl } from "../lib/jsurl.ts";
import { titleOfAction } from "./types.ts";
import { useOfferedActions } from "./use-offered-actions.ts";

/** Items of a row's menu: the actions that are offered on its entity. */
export function RowActions({ blueprint, entity }: { blueprint: string; entity: string }) {
  const actions = useOfferedActions(blueprint, entity);
  const navigate = useNavigate();
  if (actions.length === 0) return null;
  return (
    <>
      <Menu.Divider />
      {actions.map((action) => (
        <Menu.Item
          key={action.identifier}
          {...(action.trigger.operation === "DELETE" ? { color: "red" } : {})}
          onClick={() =>
            void navigate({
              to: "/self-serve",
              search: {
                action: action.identifier,
                actionInputs: encodeJsurl({ $targetEntity: entity }),
              },
            })
          }
        >
          {titleOfAction(action)}
        </Menu.Item>
      ))}
    </>
  );
}
