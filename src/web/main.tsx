import "./styles/mantine.css";
import "./styles/theme-variables.css";
import "./styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { setSessionOver } from "./api/session-over.ts";
import { Mantine } from "./app/mantine.tsx";
import { createQueryClient } from "./app/query-client.ts";
import { makeRouter } from "./app/router.tsx";
import type { endOfSession as follow } from "./app/session-end.ts";
import { plainAddress } from "./lib/plain-address.ts";
import { isAnythingUnsaved } from "./parts/unsaved-now.ts";

const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content ?? "";
// The scroll lock of dialogs writes a <style>; its library reads the nonce from this name.
Object.assign(globalThis, { __webpack_nonce__: nonce });

if (location.pathname.includes("$"))
  history.replaceState(history.state, "", plainAddress(location.pathname) + location.search + location.hash);

// A page that was opened before an upgrade asks for files that are gone: it is loaded anew, once, by a server that answers; what is unsaved asks first.
const RELOADED = "fairway-reloaded";
window.addEventListener("vite:preloadError", () => {
  const before = Number(sessionStorage.getItem(RELOADED) ?? 0);
  if (Date.now() - before < 60_000) return;
  void loadAnew();
});

async function loadAnew(): Promise<void> {
  const answer = await fetch("/healthz").catch(() => null);
  if (answer?.ok !== true) return;
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

let session: ReturnType<typeof follow> | undefined;
const queryClient = createQueryClient({
  onExpired: () => {
    if (router.latestLocation.pathname !== "/login") void expire(false);
  },
  onWriteExpired: () => void expire(!isAnythingUnsaved()),
  onAnswer: () => void session?.answered(),
});
const router = makeRouter(queryClient);

/** @param stays something was refused to a form that does not ask before it is left: what was written stays in it */
async function expire(stays: boolean): Promise<void> {
  const code = await import("./app/session-end.ts").catch(() => null);
  if (code === null) {
    // Files of a former version: nothing of what was seen stays, unless somebody would lose what they wrote.
    setSessionOver(true);
    if (!isAnythingUnsaved() && !stays)
      location.assign(`/login?next=${encodeURIComponent(router.latestLocation.href)}`);
    return;
  }
  session ??= code.endOfSession(router, queryClient);
  if (stays) session.stayed();
  else if (router.latestLocation.pathname !== "/login") session.expired();
}

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <Mantine nonce={nonce}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Mantine>
  </StrictMode>,
);
