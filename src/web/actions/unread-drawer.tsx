import { isGone } from "../api/is-gone.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Missing } from "../parts/missing.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { SlowNote } from "../parts/slow-note.tsx";

interface Props {
  /** What it is: “action”. */
  noun: string;
  identifier: string;
  error: Error | null;
  onRetry: () => void;
  onClose: () => void;
}

/** The drawer of something that is stored, while it is not there: on its way, gone, forbidden, or failed. */
export function UnreadDrawer({ noun, identifier, error, onRetry, onClose }: Props) {
  return (
    <SideDrawer title={`Edit ${identifier}`} size={1160} onClose={onClose}>
      {isGone(error) ? (
        <Missing what={`“${identifier}”`} />
      ) : error ? (
        <ErrorPanel what={`open “${identifier}”`} error={error} onRetry={onRetry} />
      ) : (
        <div className="stack" aria-busy>
          <SlowNote what={`the ${noun}`} />
          <Bone height={38} />
          <Bone height={320} />
        </div>
      )}
    </SideDrawer>
  );
}
