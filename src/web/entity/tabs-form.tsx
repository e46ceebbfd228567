import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { OpensMenu } from "../parts/opens.tsx";
import { keyed } from "../scorecards/draft.ts";
import { kindOf } from "../widgets/registry.ts";
import type { WidgetDoc } from "../widgets/widget-kind.ts";
import css from "./entity.module.css";
import type { GroupDoc } from "./tabs.ts";
import { movedItem, READY_MADE } from "./tabs-draft.ts";

interface Props {
  groups: readonly GroupDoc[];
  freshId: (type: string) => string;
  onGroups: (groups: readonly GroupDoc[]) => void;
  /** Makes (null) or changes the widget at this place. */
  onWidget: (group: number, at: number, widget: WidgetDoc | null) => void;
}

/** Tabs in their order, each with its widgets in theirs. */
export function TabsForm({ groups, freshId, onGroups, onWidget }: Props) {
  const put = (at: number, group: GroupDoc) => onGroups(groups.with(at, group));
  return (
    <div className="stack">
      <ol className={css["tabList"]} aria-label="Tabs">
        {keyed(groups).map(({ item: group, index: at, key }) => (
          <li key={key} className={css["tabItem"]}>
            <div className={css["tabHead"]}>
              <TextInput
                size="xs"
                aria-label={`Name of tab ${at + 1}`}
                maxLength={100}
                value={group.title}
                onChange={(event) => put(at, { ...group, title: event.currentTarget.value })}
              />
              <Moves
                what={`tab ${group.title}`}
                at={at}
                count={groups.length}
                onMove={(to) => onGroups(movedItem(groups, at, to))}
                onRemove={() => onGroups(groups.toSpliced(at, 1))}
              />
            </div>
            <ol className={css["tabWidgets"]} aria-label={`Widgets of ${group.title}`}>
              {group.widgets.map((widget, place) => (
                <li key={typeof widget.id === "string" ? widget.id : place}>
                  <span>{nameOf(widget)}</span>
                  {kindOf(widget.type) === undefined ? null : (
                    <ActionIcon
                      size={26}
                      aria-label={`Edit ${nameOf(widget)}`}
                      onClick={() => onWidget(at, place, widget)}
                    >
                      <IconPencil size={15} aria-hidden />
                    </ActionIcon>
                  )}
                  <Moves
                    what={nameOf(widget)}
                    at={place}
                    count={group.widgets.length}
                    onMove={(to) => put(at, { ...group, widgets: movedItem(group.widgets, place, to) })}
                    onRemove={() => put(at, { ...group, widgets: group.widgets.toSpliced(place, 1) })}
                  />
                </li>
              ))}
            </ol>
            <div>
              <Button
                size="compact-xs"
                variant="subtle"
                leftSection={<IconPlus size={14} aria-hidden />}
                onClick={() => onWidget(at, group.widgets.length, null)}
              >
                Widget
              </Button>
            </div>
          </li>
        ))}
      </ol>
      <div>
        <OpensMenu
          position="bottom-start"
          width={220}
          button={
            <Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />}>
              Tab
            </Button>
          }
        >
          {() => (
            <>
              {READY_MADE.map(({ title, widget }) => (
                <Menu.Item
                  key={title}
                  onClick={() =>
                    onGroups([
                      ...groups,
                      { title, widgets: [{ ...widget, id: freshId(widget.type as string) } as WidgetDoc] },
                    ])
                  }
                >
                  {title}
                </Menu.Item>
              ))}
              <Menu.Divider />
              <Menu.Item
                onClick={() => onGroups([...groups, { title: `Tab ${groups.length + 1}`, widgets: [] }])}
              >
                With widgets of your own
              </Menu.Item>
            </>
          )}
        </OpensMenu>
      </div>
    </div>
  );
}

const LABELS: Readonly<Record<string, string>> = {
  "table-entities-explorer-by-direction": "Related entities",
  "entity-info": "Details",
  "dashboard-widget": "Dashboard",
  grouper: "Groups",
};

/** What it is called, and what it is. */
function nameOf({ title, type }: WidgetDoc): string {
  const kind = LABELS[type] ?? kindOf(type)?.label ?? type;
  return title && title !== kind ? `${title} (${kind})` : kind;
}

function Moves({
  what,
  at,
  count,
  onMove,
  onRemove,
}: {
  what: string;
  at: number;
  count: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}) {
  return (
    <>
      <ActionIcon size={26} aria-label={`Move ${what} up`} disabled={at === 0} onClick={() => onMove(at - 1)}>
        <IconArrowUp size={15} aria-hidden />
      </ActionIcon>
      <ActionIcon
        size={26}
        aria-label={`Move ${what} down`}
        disabled={at === count - 1}
        onClick={() => onMove(at + 1)}
      >
        <IconArrowDown size={15} aria-hidden />
      </ActionIcon>
      <ActionIcon size={26} aria-label={`Remove ${what}`} onClick={onRemove}>
        <IconTrash size={15} aria-hidden />
      </ActionIcon>
    </>
  );
}
