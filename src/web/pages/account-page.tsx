import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import { Choice } from "../parts/choice.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Tag } from "../parts/tag.tsx";
import { readRoles } from "../settings/membership-fields.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { PasswordCard } from "../settings/password-card.tsx";
import { type UserDoc, usersQuery } from "../settings/queries.ts";
import { SecondFactorCard } from "../settings/second-factor-card.tsx";
import { SessionsCard } from "../settings/sessions-card.tsx";
import css from "../settings/settings.module.css";
import { TokenList } from "../settings/token-list.tsx";
import { useTheme } from "../settings/use-theme.ts";
import { NewCredentials } from "../settings/user-actions.tsx";

/** Who one is here, and one's own credentials. */
export function AccountPage() {
  const { data: me } = useQuery(meQuery);
  const users = useQuery(usersQuery);
  const user = users.data?.find(({ email }) => email === me?.user.email);
  const [isRenewing, setRenewing] = useState(false);
  const theme = useTheme();
  return (
    <div className="stack">
      <PageHead title="My account">{me?.user.email}</PageHead>
      {user ? <Membership user={user} /> : null}
      {users.data === undefined ? (
        <NotYet what="your account" error={users.error} onRetry={() => void users.refetch()} />
      ) : null}
      <section className="card" aria-labelledby="theme">
        <div className={css["form"]}>
          <h2 id="theme">Theme</h2>
          <div>
            <Choice
              label="Theme"
              value={theme.value}
              options={[
                { value: "light", label: "Light" },
                { value: "dark", label: "Dark" },
                { value: "auto", label: "Match system" },
              ]}
              onChange={theme.set}
            />
          </div>
        </div>
      </section>
      <PasswordCard />
      <SecondFactorCard />
      <SessionsCard />
      {user ? (
        <section className="card" aria-labelledby="credentials">
          <div className={css["form"]}>
            <h2 id="credentials">Personal credentials</h2>
            <p>
              A client id and a secret with which the API is used in your name: what you may do, they may, and
              what they write carries your address. There is one pair for each person.
            </p>
            <div>
              <Button variant="default" onClick={() => setRenewing(true)}>
                Create new credentials
              </Button>
            </div>
          </div>
        </section>
      ) : null}
      {user ? (
        <section className="card stack" aria-labelledby="tokens">
          <h2 id="tokens">Tokens</h2>
          <p>
            Each for one use of the API in your name: limited to what it needs, with an end, and ended alone.
          </p>
          <TokenList of={null} />
        </section>
      ) : null}
      {user ? (
        <section className="card" aria-labelledby="data">
          <div className={css["form"]}>
            <h2 id="data">Your data</h2>
            <p>Your stored data and your activity here, as a file (JSON).</p>
            <div>
              <Button
                variant="default"
                component="a"
                href={`/v1/users/${encodeURIComponent(user.email)}/data`}
                download="my-data.json"
              >
                Export my data
              </Button>
            </div>
          </div>
        </section>
      ) : null}
      {isRenewing && user ? <NewCredentials user={user} onClose={() => setRenewing(false)} /> : null}
    </div>
  );
}

function Membership({ user }: { user: UserDoc }) {
  const { isAdmin, moderated } = readRoles(user.roles.map(({ name }) => name));
  return (
    <section className="card" aria-labelledby="membership">
      <div className={css["form"]}>
        <h2 id="membership">{user.name}</h2>
        <div className={css["tags"]}>
          {isAdmin ? <Tag tone="good">Admin</Tag> : <Tag>Member</Tag>}
          {moderated.map((blueprint) => (
            <Tag key={blueprint}>moderates {blueprint}</Tag>
          ))}
        </div>
        <p className="muted">
          {user.teams.length === 0 ? "In no team." : `In ${user.teams.map(({ name }) => name).join(", ")}.`}{" "}
          {isAdmin ? "" : "Roles and teams are changed by administrators."}
        </p>
      </div>
    </section>
  );
}
