import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { meQuery } from "../api/queries.ts";
import { TabStrip } from "../parts/tab-strip.tsx";
import { SETTINGS, type SettingsArea } from "../settings/areas.ts";
import css from "../settings/settings.module.css";

/** The settings with their own navigation; what only administrators may see is listed for them only. */
export function SettingsPage() {
  const { data: me } = useQuery(meQuery);
  const isAdmin = me?.user.role === "Admin";
  const account = SETTINGS.filter(({ to }) => to === "/settings/account");
  const people = SETTINGS.filter(({ to }) => to === "/settings/users" || to === "/settings/teams");
  const rest = SETTINGS.filter((area) => area.isAdministration);
  return (
    <div className={css["layout"]}>
      <TabStrip label="Settings" className={css["nav"]}>
        <Areas title="You" areas={account} />
        <Areas title="People" areas={people} />
        {isAdmin ? <Areas title="Administration" areas={rest} /> : null}
      </TabStrip>
      <div>
        <Outlet />
      </div>
    </div>
  );
}

function Areas({ title, areas }: { title: string; areas: readonly SettingsArea[] }) {
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {areas.map(({ to, label }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ includeSearch: false }}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
