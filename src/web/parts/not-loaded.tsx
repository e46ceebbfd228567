import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { Bone } from "./bone.tsx";
import { Empty } from "./empty.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { PageHead } from "./page-head.tsx";
import { SlowNote } from "./slow-note.tsx";

interface Props {
  title: string;
  /** As of the page itself. */
  crumbs?: ReactNode;
  /** Completes “open …”. */
  what: string;
  error: Error | null;
  onRetry: () => void;
  /** The answer came, and it is not in it. */
  isMissing?: boolean;
  /** There is no such thing: a sentence, and where to go from here. */
  missing: { readonly title: string; readonly children: ReactNode };
  /** It may not be read: a sentence, and who can help; without it that is an error like others. */
  forbidden?: { readonly title: string; readonly children: ReactNode };
}

/** The page of one thing while it is not there: on its way, gone, forbidden, or failed. */
export function NotLoaded(props: Props) {
  const { title, crumbs, what, error, onRetry, isMissing = false, missing, forbidden } = props;
  const status = error instanceof ApiError ? error.status : null;
  const empty =
    status === 404 || (isMissing && error === null) ? missing : status === 403 ? forbidden : undefined;
  return (
    <div className="stack" aria-busy={!error && empty === undefined}>
      <PageHead title={status === 403 && empty !== undefined ? "No permission" : title} crumbs={crumbs} />
      {empty !== undefined ? (
        <Empty {...empty} />
      ) : error ? (
        <ErrorPanel what={what} error={error} onRetry={onRetry} />
      ) : (
        <>
          <SlowNote what={what.replace(/^open /, "")} />
          <Bone height={38} />
          <Bone height={320} />
        </>
      )}
    </div>
  );
}
