import { useQuery } from "@tanstack/react-query";
import { meQuery } from "./queries.ts";

export interface Role {
  readonly isAdmin: boolean;
  /** Blueprints that they look after: their actions, automations and permissions. */
  readonly moderated: readonly string[];
  /** Whether they may change what belongs to the blueprint; what belongs to none is for administrators. */
  readonly looksAfter: (blueprint: string | null | undefined) => boolean;
}

/** What the reader may change of the portal itself. */
export function useRole(): Role {
  const { user, moderates: moderated = [] } = useQuery(meQuery).data ?? {};
  const isAdmin = user?.role === "Admin";
  return {
    isAdmin,
    moderated,
    looksAfter: (blueprint) => isAdmin || (typeof blueprint === "string" && moderated.includes(blueprint)),
  };
}

/** Who may open pages that are not for everybody. */
const READERS: Readonly<Record<string, "admins" | "moderators">> = {
  "/automations": "moderators",
  "/sources": "admins",
  "/import": "admins",
  "/audit": "admins",
};

/** Whether the reader may open the page at the path: what refuses them is not offered, by the menu, the palette or another page. */
export function useMayOpen(): (path: string) => boolean {
  const { isAdmin, moderated } = useRole();
  return (path) =>
    isAdmin || READERS[path] === undefined || (READERS[path] === "moderators" && moderated.length > 0);
}
