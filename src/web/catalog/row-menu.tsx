import { Menu, Portal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { mayEdit, rightsQuery } from "../entity/rights.ts";
import type { EntityDoc } from "./blueprint.ts";
import css from "./catalog.module.css";

const RowActions = lazy(() =>
  import("../actions/row-actions.tsx").then((module) => ({ default: module.RowActions })),
);

export interface OpenRow {
  readonly entity: EntityDoc;
  readonly anchor: HTMLElement;
}

/** The one menu of all rows, at the row that asked for it. */
export function RowMenu({
  blueprint,
  row: { entity, anchor },
  onEdit,
  onDelete,
  onClose,
}: {
  blueprint: string;
  row: OpenRow;
  onEdit: () => void;
  onDelete: () => void;
  onClose: () => void;
}) {
  const navigate = useNavigate();
  const [place] = useState(() => {
    const { left, bottom } = anchor.getBoundingClientRect();
    return { left, top: bottom };
  });
  const address = `/c/${encodeURIComponent(blueprint)}/${encodeURIComponent(entity.identifier)}`;
  const rights = useQuery(rightsQuery(blueprint, entity.identifier)).data;
  const copy = (text: string) => void navigator.clipboard.writeText(text);
  return (
    <Portal>
      <Menu
        opened
        position="bottom-start"
        width={210}
        withInitialFocusPlaceholder
        onChange={(isOpen) => {
          if (isOpen) return;
          onClose();
          anchor.focus({ preventScroll: true });
        }}
      >
        <Menu.Target>
          <span className={css["anchor"]} style={place} />
        </Menu.Target>
        <Menu.Dropdown aria-label={`Actions for ${entity.title || entity.identifier}`}>
          <Menu.Item
            onClick={() =>
              void navigate({ to: "/c/$blueprint/$id", params: { blueprint, id: entity.identifier } })
            }
          >
            Open
          </Menu.Item>
          {rights !== undefined && !mayEdit(rights) ? null : <Menu.Item onClick={onEdit}>Edit</Menu.Item>}
          <Menu.Item onClick={() => copy(entity.identifier)}>Copy identifier</Menu.Item>
          <Menu.Item onClick={() => copy(location.origin + address)}>Copy link</Menu.Item>
          <Suspense>
            <RowActions blueprint={blueprint} entity={entity.identifier} />
          </Suspense>
          {rights !== undefined && !rights.unregister ? null : (
            <>
              <Menu.Divider />
              <Menu.Item color="var(--bad)" onClick={onDelete}>
                Delete
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </Portal>
  );
}
