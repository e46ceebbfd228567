import { type ComponentProps, lazy, Suspense } from "react";
import { Bone } from "../parts/bone.tsx";
import type { JsonEditor } from "./json-editor.tsx";

/** As large as the rest of a page; it comes when the first document is edited. */
const Editor = lazy(() => import("./json-editor.tsx").then((module) => ({ default: module.JsonEditor })));

/** A JSON editor, or its room while it comes. @param height of the room, in pixels */
export function LazyJsonEditor({ height, ...props }: ComponentProps<typeof JsonEditor> & { height: number }) {
  return (
    <Suspense fallback={<Bone height={height} />}>
      <Editor {...props} />
    </Suspense>
  );
}
