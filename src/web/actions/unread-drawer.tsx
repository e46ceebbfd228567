import { ApiError } from "../api/client.ts";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
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
  const status = error instanceof ApiError ? error.status : null;
  return (
    <SideDrawer title={`Edit ${identifier}`} size={1160} onClose={onClose}>
      {status === 404 ? (
        <Empty title={`There is no ${noun} “${identifier}”.`}>
          <p>It may have been deleted or renamed.</p>
        </Empty>
      ) : status === 403 ? (
        <Empty title={`You may not see this ${noun}.`}>
          <p>Administrators can give you the right to.</p>
        </Empty>
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
