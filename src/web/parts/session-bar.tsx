import { useIsSessionOver } from "../api/session-over.ts";
import { Notice } from "./notice.tsx";

/** For who stayed with something unsaved when the session ended. */
export function SessionBar() {
  return useIsSessionOver() ? <Notice>The session is over. Sign in in another tab to save.</Notice> : null;
}
