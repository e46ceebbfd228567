/** What follows in the pages when a session ends; fetched then. */
import type { QueryClient } from "@tanstack/react-query";
import { getJson } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import { followSession } from "../api/session.ts";
import type { Me } from "../api/types.ts";
import { forgetVisits } from "../palette/recent.ts";
import { isAnythingUnsaved } from "../parts/unsaved-now.ts";
import type { makeRouter } from "./router.tsx";

/** Until it is asked again who is signed in. */
const WHO_MS = 10_000;

/** Leads to the sign-in when a session is over, and back to work whoever stays and signs in elsewhere. */
export function endOfSession(router: ReturnType<typeof makeRouter>, queryClient: QueryClient) {
  /** It is not for whoever comes next. */
  const forgetWhatWasSeen = (): void => {
    queryClient.clear();
    forgetVisits();
  };
  const session = followSession({
    isAnythingUnsaved,
    leave: () => void router.navigate({ to: "/login", search: { next: router.latestLocation.href } }),
    whoWas: () => queryClient.getQueryData(meQuery.queryKey)?.user.email,
    whoIs: async () => (await getJson<Me>("/auth/me", {}, AbortSignal.timeout(WHO_MS))).user.email,
    goOn: () => void queryClient.invalidateQueries({ predicate: ({ state }) => state.status === "error" }),
    startAnew: () => {
      forgetWhatWasSeen();
      // What is unsaved was written by the other person, and nobody is asked about it.
      router.history.destroy();
      location.reload();
    },
  });
  // Not before they go: who has something unsaved is asked first, and may stay.
  router.subscribe("onBeforeNavigate", ({ toLocation }) => {
    if (toLocation.pathname === "/login" && session.left()) forgetWhatWasSeen();
  });
  return session;
}
