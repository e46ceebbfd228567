import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { sendJson } from "../api/client.ts";
import { JsonSide, useJsonText } from "../builder/json-side.tsx";
import { type BlueprintDoc, type EntityDoc, titleOf } from "../catalog/blueprint.ts";
import type { PageDoc } from "../dashboard/board.ts";
import { type PageAnswer, pagePath, pageQuery } from "../dashboard/queries.ts";
import { WidgetDrawer } from "../dashboard/widget-drawer.tsx";
import { browserTimeZone } from "../lib/time-zone.ts";
import { DrawerButtons } from "../parts/drawer-buttons.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { Unsaved, useUnsavedGuard } from "../parts/unsaved.tsx";
import { kindOf } from "../widgets/registry.ts";
import type { WidgetContext, WidgetDoc } from "../widgets/widget-kind.ts";
import css from "./entity.module.css";
import { fillTemplates } from "./fill-templates.ts";
import { aboutHere, freshTabId, tabsRoot, withGroups, withRoot } from "./tabs-draft.ts";
import { TabsForm } from "./tabs-form.tsx";
import { groupsIn, tabsOf } from "./tabs.ts";

const CONTEXT: WidgetContext = { filters: [], timeZone: browserTimeZone() };

/** A widget that is made or changed: `widget` null for a new one. */
interface Editing {
  readonly group: number;
  readonly at: number;
  readonly widget: WidgetDoc | null;
}

interface Props {
  page: PageDoc;
  blueprint: BlueprintDoc;
  /** The one that is looked at, for previews. */
  entity: EntityDoc;
  onClose: () => void;
}

/** The tabs of all entities of a blueprint: added, named, ordered, filled and taken away, by form or as JSON. */
export function TabsDrawer({ page, blueprint, entity, onClose }: Props) {
  const [before] = useState(() => tabsRoot(page));
  const [root, setRoot] = useState(before);
  const [editing, setEditing] = useState<Editing | null>(null);
  const json = useJsonText(root, setRoot, ({ type }) =>
    type === "grouper" ? null : "type stays grouper: it is what shows the tabs.",
  );
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      sendJson<PageAnswer>("PATCH", pagePath(page.identifier), { widgets: withRoot(page, root) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: pageQuery(page.identifier).queryKey });
      onClose();
    },
  });
  // While a widget is edited, that drawer stands in for this one.
  const guard = useUnsavedGuard(onClose);
  const groups = groupsIn(root);
  const isChanged = root !== before;
  const own = new Set(groupsIn(before).map(({ title }) => title.toLowerCase()));
  const automatic = tabsOf(blueprint, entity, page)
    .map(({ title }) => title)
    .filter((title) => !own.has(title.toLowerCase()));

  if (editing !== null) {
    const put = (widget: WidgetDoc) => {
      setRoot(
        withGroups(
          root,
          groups.map((group, at) =>
            at === editing.group
              ? {
                  ...group,
                  widgets: group.widgets.toSpliced(editing.at, editing.widget === null ? 0 : 1, widget),
                }
              : group,
          ),
        ),
      );
      setEditing(null);
    };
    return (
      <>
        {guard.within(
          <>
            <Unsaved value={root} before={before} />
            <WidgetDrawer
              widget={editing.widget}
              freshId={(type) => freshTabId(root, type)}
              blankFor={(widget) => aboutHere(widget, kindOf(widget.type)?.fields ?? [])}
              drawn={(widget) =>
                fillTemplates(widget, { blueprint: blueprint.identifier, entity, user: null })
              }
              context={CONTEXT}
              onClose={() => setEditing(null)}
              save={{ mutate: put, error: null, isPending: false }}
            />
          </>,
        )}
        {guard.question}
      </>
    );
  }
  return (
    <SideDrawer title={`Tabs of every ${titleOf(blueprint)}`} size={1080} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (json.problem === null && isChanged) save.mutate();
        }}
      >
        <Unsaved value={[root, json.problem]} before={[before, null]} />
        {save.error ? <ErrorPanel what="save the tabs" error={save.error} /> : null}
        <p className="muted small">
          Everybody sees them. These come by themselves and stay: {automatic.join(", ")}.
        </p>
        <div className={css["tabsEditor"]}>
          <TabsForm
            groups={groups}
            freshId={(type) => freshTabId(root, type)}
            onGroups={(next) => setRoot(withGroups(root, next))}
            onWidget={(group, at, widget) => setEditing({ group, at, widget })}
          />
          <div>
            <JsonSide label="Tabs as JSON" json={json} />
          </div>
        </div>
        <DrawerButtons>
          <Button type="submit" loading={save.isPending} disabled={json.problem !== null || !isChanged}>
            Save
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {isChanged ? null : <span className="muted small">Nothing is changed.</span>}
        </DrawerButtons>
      </form>
    </SideDrawer>
  );
}
