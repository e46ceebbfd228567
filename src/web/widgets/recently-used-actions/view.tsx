import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { runsQuery } from "../../actions/queries.ts";
import { meQuery } from "../../api/queries.ts";
import { Ago } from "../../parts/ago.tsx";
import { WidgetEmpty, WidgetState } from "../widget-state.tsx";
import css from "../widgets.module.css";

/** Runs that are looked through for different actions. */
const READ = 50;
const SHOWN = 8;

/** The actions that whoever looks has run last, each once; the name opens its form. */
export function RecentActions() {
  const me = useQuery(meQuery).data?.user.email ?? "";
  const runs = useQuery({ ...runsQuery({ user_email: me, source: "UI", limit: READ }), enabled: me !== "" });
  return (
    <WidgetState query={runs}>
      {(found) => {
        const latest = [...Map.groupBy(found, ({ action }) => action.identifier)]
          .flatMap(([identifier, [run]]) =>
            run === undefined || run.action.deleted === true ? [] : [{ identifier, run }],
          )
          .slice(0, SHOWN);
        return latest.length === 0 ? (
          <WidgetEmpty title="Nothing yet">Actions that you run are listed here.</WidgetEmpty>
        ) : (
          <ul className={css["links"]}>
            {latest.map(({ identifier, run }) => (
              <li key={identifier}>
                <Link to="/self-serve" search={{ action: identifier }}>
                  {run.action.title || identifier}
                  <small>
                    <Ago iso={run.createdAt} />
                  </small>
                </Link>
              </li>
            ))}
          </ul>
        );
      }}
    </WidgetState>
  );
}
