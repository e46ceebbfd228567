import { ActionIcon, Button } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconColumns } from "@tabler/icons-react";
import { OpensPopover } from "../parts/opens.tsx";
import type { Column } from "./blueprint.ts";
import css from "./catalog.module.css";

/** Which columns are shown, and in which order; the title stays first. */
export function ColumnsMenu({
  columns,
  shown,
  onChange,
  isArranged,
  onReset,
}: {
  columns: readonly Column[];
  shown: readonly string[];
  onChange: (shown: string[]) => void;
  isArranged: boolean;
  onReset: () => void;
}) {
  const others = columns.filter(({ id }) => id !== "$title");
  const titles = new Map(columns.map(({ id, title }) => [id, title]));
  const visible = shown.filter((id) => id !== "$title" && titles.has(id));
  const hidden = others.filter(({ id }) => !visible.includes(id));
  const set = (ids: readonly string[]) => onChange(["$title", ...ids]);
  const move = (index: number, by: 1 | -1) => {
    const next = [...visible];
    const [id] = next.splice(index, 1);
    next.splice(index + by, 0, id as string);
    set(next);
  };
  return (
    <OpensPopover
      position="bottom-end"
      width={340}
      trapFocus
      className={css["columns"] ?? ""}
      label="Columns"
      button={
        <Button variant="default" size="xs" leftSection={<IconColumns size={15} aria-hidden />}>
          Columns
        </Button>
      }
    >
      {() => (
        <>
          <ul>
            {visible.map((id, index) => (
              <li key={id}>
                <Shown
                  title={titles.get(id) ?? id}
                  isShown
                  onChange={() => set(visible.filter((other) => other !== id))}
                />
                <span>
                  <ActionIcon
                    size={24}
                    aria-label={`Move ${titles.get(id) ?? id} up`}
                    disabled={index === 0}
                    onClick={() => move(index, -1)}
                  >
                    <IconArrowUp size={14} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    size={24}
                    aria-label={`Move ${titles.get(id) ?? id} down`}
                    disabled={index === visible.length - 1}
                    onClick={() => move(index, 1)}
                  >
                    <IconArrowDown size={14} aria-hidden />
                  </ActionIcon>
                </span>
              </li>
            ))}
            {hidden.map(({ id, title }) => (
              <li key={id}>
                <Shown title={title} isShown={false} onChange={() => set([...visible, id])} />
              </li>
            ))}
          </ul>
          <Button variant="subtle" size="xs" color="gray" disabled={!isArranged} onClick={onReset}>
            Reset
          </Button>
        </>
      )}
    </OpensPopover>
  );
}

function Shown({ title, isShown, onChange }: { title: string; isShown: boolean; onChange: () => void }) {
  return (
    <label className={css["shown"]}>
      <input type="checkbox" checked={isShown} onChange={onChange} />
      {title}
    </label>
  );
}
