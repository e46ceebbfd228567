import type { CDPSession } from "playwright-core";

interface Snapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
}

/** What a page makes; code is the engine's, which goes on compiling for an hour, and `native` that of the tools as well. */
const OF_PAGES: ReadonlySet<string> = new Set([
  ...["object", "array", "string", "closure", "regexp", "symbol", "bigint", "number"],
  ...["concatenated string", "sliced string"],
]);

/** Megabytes of the objects that a page keeps: everything that can be reached, without compiled code. */
export async function heapObjects(session: CDPSession): Promise<number> {
  const parts: string[] = [];
  const keep = ({ chunk }: { chunk: string }): void => void parts.push(chunk);
  session.on("HeapProfiler.addHeapSnapshotChunk", keep);
  await session.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false });
  session.off("HeapProfiler.addHeapSnapshotChunk", keep);
  const { snapshot, nodes } = JSON.parse(parts.join("")) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf("type"), fields.indexOf("self_size")];
  let bytes = 0;
  for (let at = 0; at < nodes.length; at += fields.length)
    if (OF_PAGES.has(types[0][nodes[at + type] ?? 0] ?? "")) bytes += nodes[at + size] ?? 0;
  return bytes / 1024 / 1024;
}
