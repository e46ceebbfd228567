import { Link } from "@tanstack/react-router";
import { Command } from "../parts/command.tsx";

/** The line to run in a terminal; `PATH` stands for the clone. */
export function ImportCommand({ command }: { command: string }) {
  return (
    <div className="stack" style={{ gap: 6 }}>
      <Command text={command} label="import command" />
      <p className="small muted">
        Run it in the folder Fairway was started from; put the path of the clone for <code>PATH</code>. This
        page follows the import by itself. On another machine add{" "}
        <code>--url {window.location.origin} --client-id ID --client-secret SECRET</code> with{" "}
        <Link to="/settings/credentials">API credentials</Link>. Without a clone, connect a{" "}
        <Link to="/sources">data source</Link>.
      </p>
    </div>
  );
}
