import { IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Empty } from "./empty.tsx";

/** In place of what the reader's role may not see or do: whose it is, why, and whom to ask. */
export function NoPermission({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Empty icon={IconLock} title={title}>
      <p>
        {children} Ask one of the <Link to="/settings/users">administrators</Link>.
      </p>
    </Empty>
  );
}
