import { ActionIcon, Menu } from "@mantine/core";
import { IconLogout, IconSettings, IconUser } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { postJson } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import { forgetVisits } from "../palette/recent.ts";
import { OpensMenu } from "../parts/opens.tsx";
import { LeaveQuestion } from "../parts/leave-question-later.tsx";
import { isAnythingUnsaved } from "../parts/unsaved-now.ts";
import css from "./shell.module.css";

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const me = useQuery(meQuery);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const user = me.data?.user;

  const signOut = async () => {
    await postJson("/auth/logout").catch(() => null);
    client.clear();
    forgetVisits();
    await navigate({ to: "/login", ignoreBlocker: true });
  };

  return (
    <>
      <OpensMenu
        position="bottom-end"
        width={240}
        button={
          <ActionIcon size={36} aria-label="Account">
            <span className={css["initials"]} aria-hidden>
              {initialsOf(user?.name ?? user?.email ?? "")}
            </span>
          </ActionIcon>
        }
      >
        {() => (
          <>
            <Menu.Label>
              <b>{user?.name ?? user?.email}</b>
              {user?.name && user.name !== user.email ? <div>{user.email}</div> : null}
            </Menu.Label>
            <Menu.Item
              component={Link}
              to="/settings/account"
              leftSection={<IconUser size={17} aria-hidden />}
            >
              My account
            </Menu.Item>
            <Menu.Item component={Link} to="/settings" leftSection={<IconSettings size={17} aria-hidden />}>
              Settings
            </Menu.Item>
            <Menu.Item
              leftSection={<IconLogout size={17} aria-hidden />}
              onClick={() => (isAnythingUnsaved() ? setIsAsking(true) : void signOut())}
            >
              Sign out
            </Menu.Item>
          </>
        )}
      </OpensMenu>
      {isAsking ? <LeaveQuestion onKeep={() => setIsAsking(false)} onDiscard={() => void signOut()} /> : null}
    </>
  );
}

/** `Ada Byron` → `AB`, `ada@example.com` → `A`. */
const initialsOf = (name: string): string =>
  (name.split("@")[0] ?? "")
    .split(/[\s._-]+/)
    .filter((part) => part !== "")
    .slice(0, 2)
    .map((part) => String.fromCodePoint(part.codePointAt(0) ?? 63).toUpperCase())
    .join("");
