import { useIsSessionOver } from "../api/session.ts";
import { Notice } from "./notice.tsx";

/** For who stayed with something unsaved when the session ended. */
export function SessionBar() {
  return useIsSessionOver() ? (
    <div style={{ marginBottom: 16 }}>
      <Notice>The session is over. Sign in in another tab to save.</Notice>
    </div>
  ) : null;
}
