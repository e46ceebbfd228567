import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { actorOf, wordOf } from "../../audit/words.ts";
import { auditQuery } from "../../catalog/queries.ts";
import { Actor } from "../../parts/actor.tsx";
import { Ago } from "../../parts/ago.tsx";
import { textOf } from "../scope.ts";
import type { WidgetProps } from "../widget-kind.ts";
import { WidgetEmpty, WidgetState } from "../widget-state.tsx";
import css from "../widgets.module.css";

const SHOWN = 50;

/** What happened to one entity; documents of Port say which under `query`. */
export function AuditLog({ widget }: WidgetProps) {
  const { query } = widget;
  const asked = (typeof query === "object" && query !== null ? query : widget) as Readonly<
    Record<string, unknown>
  >;
  const blueprint = textOf(asked, "blueprint") ?? "";
  const entity = textOf(asked, "entity") ?? "";
  const isSet = blueprint !== "" && entity !== "";
  const events = useQuery({ ...auditQuery({ blueprint, entity, limit: SHOWN }), enabled: isSet });
  if (!isSet) return <WidgetEmpty title="Not set up yet">Choose a blueprint and an entity.</WidgetEmpty>;
  return (
    <WidgetState query={events}>
      {(found) =>
        found.length === 0 ? (
          <WidgetEmpty title="Nothing happened yet" />
        ) : (
          <div className={css["scroll"]} tabIndex={0} role="region" aria-label="Latest changes">
            <table className="data">
              <thead>
                <tr>
                  <th>When</th>
                  <th>Who</th>
                  <th>What</th>
                </tr>
              </thead>
              <tbody>
                {found.map(({ identifier, trigger, ...event }) => (
                  <tr key={identifier}>
                    <td>
                      <Ago iso={trigger.at} />
                    </td>
                    <td>
                      <Actor {...actorOf({ trigger })} />
                    </td>
                    <td>
                      <Link
                        to="/audit"
                        search={{ blueprint, entity, event: identifier }}
                        title="What was changed"
                      >
                        {wordOf(event)}
                      </Link>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </WidgetState>
  );
}
