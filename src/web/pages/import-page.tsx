import { useQuery } from "@tanstack/react-query";
import { setupQuery } from "../api/queries.ts";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { NoPermission } from "../parts/no-permission.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { ImportCommand } from "../start/import-command.tsx";
import { ImportWatch } from "../start/import-watch.tsx";
import css from "./pages.module.css";

const OPTIONS: readonly { flag: string; text: string }[] = [
  { flag: "--service NAME", text: "Name of the service; otherwise the name of the repository." },
  {
    flag: "--tags 'v*'",
    text: "Which tags are deployments; otherwise those that look like versions (v1.2.3).",
  },
  { flag: "--merges main", text: "Every merge into this branch is a deployment, instead of tags." },
  {
    flag: "--paths 'api=src/api/**,web=src/web/**'",
    text: "Several services in one repository, by the paths they own.",
  },
  { flag: "--since 2026-01-01", text: "Leave out older history." },
];

/** How to import a git repository, and the imports so far. */
export function ImportPage() {
  if (useIsAdmin()) return <Command />;
  return (
    <div className="stack">
      <PageHead title="Import from git" />
      <NoPermission title="Only administrators import repositories" />
    </div>
  );
}

function Command() {
  const setup = useQuery(setupQuery);
  return (
    <div className="stack">
      <PageHead title="Import from git">
        Reads a clone on your machine and sends its commits, deployments and changes to this portal.
      </PageHead>
      <section className={`card ${css["prose"]}`} aria-labelledby="command">
        <h2 id="command">Run this in a terminal</h2>
        {setup.data ? <ImportCommand command={setup.data.importCommand} /> : null}
        {setup.isPending ? <Bone height={68} /> : null}
        {setup.error ? (
          <ErrorPanel what="load the command" error={setup.error} onRetry={() => void setup.refetch()} />
        ) : null}
        <h2>Options</h2>
        <dl className={css["options"]}>
          {OPTIONS.map(({ flag, text }) => (
            <div key={flag}>
              <dt>
                <code>{flag}</code>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <p className="muted small">
          Running it again sends only what is new; an interrupted import continues where it stopped.
        </p>
      </section>
      <ImportWatch />
    </div>
  );
}
