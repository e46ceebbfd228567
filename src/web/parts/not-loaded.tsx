import type { ReactNode } from "react";
import { isGone, isRefused } from "../api/is-gone.ts";
import { Bone } from "./bone.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { Missing } from "./missing.tsx";
import { PageHead } from "./page-head.tsx";
import { SlowNote } from "./slow-note.tsx";

interface Props {
  title: string;
  /** As of the page itself. */
  crumbs?: ReactNode;
  /** Completes “open …”, and begins “… isn’t there”. */
  what: string;
  error: Error | null;
  onRetry: () => void;
  /** The answer came, and it is not in it. */
  isMissing?: boolean;
  /** Where to go from here if there is no such thing, or none to see. */
  back: ReactNode;
}

/** The page of one thing while it is not there: on its way, gone, forbidden, or failed. */
export function NotLoaded({ title, crumbs, what, error, onRetry, isMissing = false, back }: Props) {
  const isNone = error === null ? isMissing : isGone(error);
  return (
    <div className="stack" aria-busy={!error && !isNone}>
      <PageHead title={isRefused(error) ? "No permission" : title} crumbs={crumbs} />
      {isNone ? (
        <Missing what={what}>{back}</Missing>
      ) : error ? (
        <>
          <ErrorPanel what={`open ${what}`} error={error} onRetry={onRetry} />
          <p>{back}</p>
        </>
      ) : (
        <>
          <SlowNote what={what} />
          <Bone height={38} />
          <Bone height={320} />
        </>
      )}
    </div>
  );
}
