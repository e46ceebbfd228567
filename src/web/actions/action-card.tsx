import { ActionIcon, Button } from "@mantine/core";
import { IconBolt, IconPencil } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { PortIcon, ICON_NAMES } from "../parts/port-icon.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./actions.module.css";
import { type ActionDoc, titleOfAction } from "./types.ts";

/** What the action does and a button that opens its form. */
export function ActionCard({ action, mayEdit }: { action: ActionDoc; mayEdit: boolean }) {
  const { identifier, icon, description, trigger, publish } = action;
  const title = titleOfAction(action);
  return (
    <li className={css["card"]}>
      <div className={css["cardHead"]}>
        {ICON_NAMES.includes(icon ?? "") ? <PortIcon name={icon} /> : <IconBolt size={18} aria-hidden />}
        <h3>{title}</h3>
        {mayEdit ? (
          <ActionIcon
            size={24}
            aria-label={`Edit ${title}`}
            renderRoot={(props) => (
              <Link
                from="/self-serve"
                to="/self-serve"
                search={(before) => ({ ...before, edit: identifier })}
                {...props}
              />
            )}
          >
            <IconPencil size={15} aria-hidden />
          </ActionIcon>
        ) : null}
      </div>
      <p className={css["about"]}>{description}</p>
      <div className={css["foot"]}>
        <span className="row">
          {publish === false ? <Tag tone="warn">Draft</Tag> : null}
          {action.requiredApproval ? <Tag>Needs approval</Tag> : null}
        </span>
        <Button
          size="xs"
          variant={trigger.operation === "DELETE" ? "outline" : "light"}
          {...(trigger.operation === "DELETE" ? { color: "red" } : {})}
          disabled={publish === false}
          aria-label={`${trigger.actionCardButtonText || verbOf(trigger.operation)}: ${title}`}
          renderRoot={(props) => (
            <Link
              from="/self-serve"
              to="/self-serve"
              search={(before) => ({ ...before, action: identifier })}
              {...props}
            />
          )}
        >
          {trigger.actionCardButtonText || verbOf(trigger.operation)}
        </Button>
      </div>
    </li>
  );
}

const verbOf = (operation: string | undefined): string =>
  operation === "CREATE" ? "Create" : operation === "DELETE" ? "Delete" : "Run";
