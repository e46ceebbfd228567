import { useQuery } from "@tanstack/react-query";
import { Bone } from "../parts/bone.tsx";
import { EntityRef } from "../parts/entity-ref.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import css from "./actions.module.css";
import { actionQuery } from "./queries.ts";
import { RunForm } from "./run-form.tsx";
import { titleOfAction } from "./types.ts";

const NOTHING: Readonly<Record<string, unknown>> = {};

/** The form of an action over the page. */
export function RunDrawer({
  action: identifier,
  target = null,
  initial = NOTHING,
  onClose,
}: {
  action: string;
  target?: string | null;
  initial?: Readonly<Record<string, unknown>>;
  onClose: () => void | Promise<void>;
}) {
  const action = useQuery(actionQuery(identifier));
  return (
    <SideDrawer
      title={action.data ? titleOfAction(action.data) : identifier}
      size={560}
      onClose={() => void onClose()}
    >
      {action.data ? (
        <div className="stack">
          {action.data.description ? <p className="muted">{action.data.description}</p> : null}
          {target === null ? null : (
            <p className={css["target"]}>
              On{" "}
              {action.data.trigger.blueprintIdentifier ? (
                <EntityRef blueprint={action.data.trigger.blueprintIdentifier} identifier={target} />
              ) : (
                <code>{target}</code>
              )}
            </p>
          )}
          <RunForm action={action.data} target={target} initial={initial} onClose={onClose} />
        </div>
      ) : action.error ? (
        <ErrorPanel
          what={`open “${identifier}”`}
          error={action.error}
          onRetry={() => void action.refetch()}
        />
      ) : (
        <Bone height={260} />
      )}
    </SideDrawer>
  );
}
