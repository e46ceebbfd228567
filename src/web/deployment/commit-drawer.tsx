import { useQuery } from "@tanstack/react-query";
import { ApiError } from "../api/client.ts";
import { commitQuery } from "../api/queries.ts";
import { dateTime, shortSha } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import css from "./deployment.module.css";

interface Props {
  sha: string;
  repository: string | null;
  timezone: string;
  onClose: () => void;
}

/** A commit as it was imported: the end of every drill-down. */
export function CommitDrawer({ sha, repository, timezone, onClose }: Props) {
  const { data: commit, error, refetch } = useQuery(commitQuery(sha, repository));
  return (
    <SideDrawer
      title={
        <>
          Commit <code>{shortSha(sha)}</code>
        </>
      }
      size={560}
      closeLabel="Close commit"
      onClose={onClose}
    >
      {error instanceof ApiError && error.status === 404 ? (
        <Empty title="This commit was not imported.">
          <p>
            The change names commit <code>{sha}</code>, but nobody has sent it.
          </p>
        </Empty>
      ) : error ? (
        <ErrorPanel what="load this commit" error={error} onRetry={() => void refetch()} />
      ) : commit ? (
        <>
          <pre className={css["message"]}>{commit.message}</pre>
          <dl className={css["list"]}>
            <dt>Author</dt>
            <dd>{commit.author}</dd>
            <dt>Authored</dt>
            <dd>
              <time dateTime={commit.authoredAt}>{dateTime(commit.authoredAt, timezone)}</time> {timezone}
            </dd>
            <dt>Committed</dt>
            <dd>
              <time dateTime={commit.committedAt}>{dateTime(commit.committedAt, timezone)}</time> {timezone}
            </dd>
            <dt>Repository</dt>
            <dd>{commit.repository}</dd>
            <dt>Sha</dt>
            <dd>
              <code>{commit.sha}</code>
            </dd>
            <dt>{commit.parents.length === 1 ? "Parent" : "Parents"}</dt>
            <dd>
              {commit.parents.length === 0 ? "none, a root commit" : null}
              {commit.parents.map((parent) => (
                <div key={parent}>
                  <code>{parent}</code>
                </div>
              ))}
            </dd>
            {commit.paths ? (
              <>
                <dt>Paths</dt>
                <dd>
                  {commit.paths.slice(0, 50).map((path) => (
                    <div key={path}>
                      <code>{path}</code>
                    </div>
                  ))}
                  {commit.paths.length > 50 ? `and ${commit.paths.length - 50} more` : null}
                </dd>
              </>
            ) : null}
          </dl>
        </>
      ) : (
        <div className="stack" aria-busy>
          <Bone height={60} />
          <Bone height={140} />
        </div>
      )}
    </SideDrawer>
  );
}
