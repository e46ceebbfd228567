import { Bone } from "./bone.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { SlowNote } from "./slow-note.tsx";

interface Props {
  /** Completes “load …”. */
  what: string;
  error: Error | null;
  onRetry: () => void;
  /** Roughly that of what is coming, in pixels. */
  height?: number;
}

/** In the place of a part of the page that is on its way, or failed. */
export function Pending({ what, error, onRetry, height = 260 }: Props) {
  if (error) return <ErrorPanel what={`load ${what}`} error={error} onRetry={onRetry} />;
  return (
    <div aria-busy>
      <SlowNote what={what} />
      <Bone height={height} />
    </div>
  );
}
