import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import css from "../actions/actions.module.css";
import { useRole } from "../api/use-role.ts";
import { AlertList } from "../automations/alert-list.tsx";
import { AutomationList } from "../automations/automation-list.tsx";
import { MessageFilters } from "../automations/message-filters.tsx";
import { MessageList } from "../automations/message-list.tsx";
import { alertsQuery } from "../automations/queries.ts";
import type { AutomationsSearch } from "../lib/action-search.ts";
import { AddButton } from "../parts/add-button.tsx";
import { NoPermission } from "../parts/no-permission.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SearchField } from "../parts/search-field.tsx";
import { TabStrip } from "../parts/tab-strip.tsx";

const AutomationDrawer = lazy(() =>
  import("../automations/automation-drawer.tsx").then((module) => ({ default: module.AutomationDrawer })),
);
const AlertDrawer = lazy(() =>
  import("../automations/alert-drawer.tsx").then((module) => ({ default: module.AlertDrawer })),
);
const MissingAlert = lazy(() =>
  import("../automations/missing-alert.tsx").then((module) => ({ default: module.MissingAlert })),
);
const TemplateDialog = lazy(() =>
  import("../actions/template-dialog.tsx").then((module) => ({ default: module.TemplateDialog })),
);

const route = getRouteApi("/app/automations");

const TABS = [
  { tab: undefined, label: "Automations" },
  { tab: "alerts", label: "Alerts" },
  { tab: "messages", label: "Messages" },
] as const;

/** What happens by itself: automations and alerts, and whom they told what. */
export function AutomationsPage() {
  const { isAdmin, moderated } = useRole();
  if (isAdmin || moderated.length > 0) return <Lists />;
  return (
    <div className="stack">
      <PageHead title="Automations" />
      <NoPermission title="Only administrators and moderators see automations">
        Moderators see those of their blueprints.
      </NoPermission>
    </div>
  );
}

function Lists() {
  const { q = "", tab, edit, state, kind, channel, of } = route.useSearch();
  const navigate = route.useNavigate();
  const { isAdmin } = useRole();
  const [isChoosing, setIsChoosing] = useState(false);
  const isAlerts = tab === "alerts" && isAdmin;
  const isMessages = tab === "messages" && isAdmin;
  const filter = { state, kind, channel, of };
  const alerts = useQuery({ ...alertsQuery, enabled: isAlerts });
  const alert = alerts.data?.find(({ identifier }) => identifier === edit);
  const change = (part: Partial<Record<keyof AutomationsSearch, string | undefined>>) =>
    void navigate({
      search: (before) => ({ ...before, ...part }) as AutomationsSearch,
      replace: true,
      ignoreBlocker: true,
    });
  const close = () => change({ edit: undefined });
  return (
    <div className="stack">
      <PageHead
        title="Automations"
        actions={
          <>
            <Link to="/runs" search={{ source: "AUTOMATION" }}>
              Action runs
            </Link>
            {!isAdmin || isAlerts || isMessages ? null : (
              <Button size="xs" variant="default" onClick={() => setIsChoosing(true)}>
                From a template
              </Button>
            )}
            {isMessages ? null : (
              <AddButton onClick={() => change({ edit: "new" })}>
                {isAlerts ? "New alert" : "New automation"}
              </AddButton>
            )}
          </>
        }
      >
        Actions that run by themselves when something changes, ends or crosses a threshold.
      </PageHead>
      {isAdmin ? (
        <TabStrip label="What is listed">
          {TABS.map(({ tab: one, label }) => (
            <Link
              key={label}
              to="/automations"
              search={{ ...(q === "" ? {} : { q }), ...(one === undefined ? {} : { tab: one }) }}
              aria-current={one === (isAlerts || isMessages ? tab : undefined) ? "page" : undefined}
              activeOptions={{ exact: true, includeSearch: true }}
            >
              {label}
            </Link>
          ))}
        </TabStrip>
      ) : null}
      {isAlerts ? null : (
        <div className={css["toolbar"]}>
          {isMessages ? (
            <MessageFilters filter={filter} onChange={change} />
          ) : (
            <SearchField
              label="Search automations"
              value={q}
              onChange={(text) => change({ q: text || undefined })}
            />
          )}
        </div>
      )}
      {isAlerts ? (
        <AlertList onNew={() => change({ edit: "new" })} />
      ) : isMessages ? (
        <MessageList filter={filter} />
      ) : (
        <AutomationList
          q={q}
          onNew={() => change({ edit: "new" })}
          onRecipe={isAdmin ? () => setIsChoosing(true) : null}
        />
      )}
      <Suspense>
        {isChoosing ? <TemplateDialog of="automations" onClose={() => setIsChoosing(false)} /> : null}
        {edit === undefined || isMessages ? null : isAlerts ? (
          edit === "new" || alert !== undefined ? (
            <AlertDrawer key={edit} alert={alert ?? null} onClose={close} />
          ) : (
            <MissingAlert identifier={edit} onClose={close} />
          )
        ) : (
          <AutomationDrawer key={edit} automation={edit === "new" ? null : edit} onClose={close} />
        )}
      </Suspense>
    </div>
  );
}
