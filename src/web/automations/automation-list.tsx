import { Button, Switch } from "@mantine/core";
import { IconRobot, IconSearch } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type Doc, objectAt } from "../actions/document-drawer.tsx";
import { saveAction } from "../actions/edit-queries.ts";
import { actionsQuery, runsQuery } from "../actions/queries.ts";
import { type ActionDoc, blueprintOf, titleOfAction } from "../actions/types.ts";
import { useRole } from "../api/use-role.ts";
import { editable } from "../builder/parse-document.ts";
import { Ago } from "../parts/ago.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { holds } from "../lib/people-search.ts";
import { StatusTag } from "../runs/status-tag.tsx";
import { triggerText } from "./words.ts";

/** Those that an alert or an initiative is made of are edited there. */
const isMade = ({ identifier }: ActionDoc): boolean => /^(alert|initiative):/.test(identifier);

/** Automations with what starts them, a switch, and their last run. */
export function AutomationList({
  q,
  onNew,
  onRecipe,
}: {
  q: string;
  onNew: () => void;
  onRecipe: (() => void) | null;
}) {
  const { isAdmin, looksAfter } = useRole();
  const automations = useQuery(actionsQuery("automation"));
  const runs = useQuery(runsQuery({ source: "AUTOMATION", limit: 300 }));
  const client = useQueryClient();
  const toggle = useMutation({
    mutationFn: ({ action, publish }: { action: ActionDoc; publish: boolean }) => {
      const { id: _, ...document } = JSON.parse(editable(action)) as Doc & { id?: unknown };
      return saveAction(action.identifier, { ...document, publish });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["actions"] }),
  });
  // What was switched stands as it was switched until the list is read again.
  const isOn = ({ identifier, publish }: ActionDoc): boolean =>
    toggle.isPending && toggle.variables.action.identifier === identifier
      ? toggle.variables.publish
      : publish === true;
  if (automations.data === undefined)
    return automations.error ? (
      <ErrorPanel
        what="load the automations"
        error={automations.error}
        onRetry={() => void automations.refetch()}
      />
    ) : (
      <Bone height={220} />
    );
  const own = automations.data.filter((one) => !isMade(one));
  const shown = own.filter((one) =>
    holds(q, titleOfAction(one), one.identifier, triggerText(one.trigger.event ?? {})),
  );
  if (own.length === 0)
    return (
      <Empty
        icon={IconRobot}
        title={isAdmin ? "No automations yet" : "No automations of the blueprints that you moderate"}
      >
        <p>
          An automation does something when something happens: an entity changes, a timer ends, a run fails.
        </p>
        <div className="row">
          {onRecipe === null ? null : (
            <Button size="xs" variant="default" onClick={onRecipe}>
              From a template
            </Button>
          )}
          <Button size="xs" variant="default" onClick={onNew}>
            Create the first
          </Button>
        </div>
      </Empty>
    );
  return (
    <>
      {toggle.error ? <ErrorPanel what="switch the automation" error={toggle.error} /> : null}
      {shown.length === 0 ? (
        <Empty icon={IconSearch} title={`None of ${own.length} automations fits.`} />
      ) : (
        <div className="card scroll-x" tabIndex={0} role="region" aria-label="Automations">
          <table className="data stacked">
            <thead>
              <tr>
                <th scope="col">Automation</th>
                <th scope="col">When</th>
                <th scope="col">Last run</th>
                <th scope="col">On</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((action) => {
                const mayEdit = looksAfter(blueprintOf(action));
                const last = runs.data?.find((run) => run.action.identifier === action.identifier);
                return (
                  <tr key={action.identifier}>
                    <td>
                      {mayEdit ? (
                        <Link
                          from="/automations"
                          to="/automations"
                          search={(before) => ({ ...before, edit: action.identifier })}
                        >
                          {titleOfAction(action)}
                        </Link>
                      ) : (
                        titleOfAction(action)
                      )}
                    </td>
                    <td data-label="When">
                      <span className="muted">{triggerText(objectAt({ ...action.trigger }, "event"))}</span>
                    </td>
                    <td data-label="Last run">
                      {last === undefined ? (
                        <span className="muted">
                          {runs.error ? "not known" : runs.data === undefined ? "…" : "–"}
                        </span>
                      ) : (
                        <span className="row">
                          <StatusTag run={last} />
                          <Link to="/runs/$run" params={{ run: last.id }}>
                            <Ago iso={last.createdAt} />
                          </Link>
                        </span>
                      )}
                    </td>
                    <td data-label="On">
                      <Switch
                        aria-label={`${titleOfAction(action)} is on`}
                        checked={isOn(action)}
                        disabled={!mayEdit || toggle.isPending}
                        onChange={(event) => toggle.mutate({ action, publish: event.currentTarget.checked })}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
