/** Node and the memory that it may use. */
import { availableParallelism, freemem, totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { failed, type Finding, ok, sizeText, warning } from "./finding.ts";

export interface Runtime {
  readonly version: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** Of a container or a unit; 0: none. */
  readonly limitBytes: number;
  readonly heapBytes: number;
  readonly processors: number;
}

const MIN_NODE = 24;
/** What docs/operations.md says to begin with. */
const ENOUGH_BYTES = 1_000_000_000;
/** Beside the heap: buffers, code, threads of the database and of derivations. */
const BESIDE_HEAP = 1.3;

export const runtimeOfThisProcess = (): Runtime => ({
  version: process.versions.node,
  totalBytes: totalmem(),
  freeBytes: freemem(),
  limitBytes: process.constrainedMemory(),
  heapBytes: getHeapStatistics().heap_size_limit,
  processors: availableParallelism(),
});

export function checkRuntime(runtime: Runtime): Finding[] {
  const { version, totalBytes, freeBytes, limitBytes, heapBytes, processors } = runtime;
  const node =
    Number(version.split(".")[0]) < MIN_NODE
      ? failed(
          "runtime.node",
          `this is Node ${version}`,
          `Fairway needs Node ${MIN_NODE} or newer`,
          "npm ci brings the right one: use npm start and npx fairway",
        )
      : ok("runtime.node", `Node ${version}, ${processors} processors`);
  const isLimited = limitBytes > 0 && limitBytes < totalBytes;
  const room = isLimited ? limitBytes : totalBytes;
  const told = `${sizeText(room)} of memory${isLimited ? " by the limit of the container" : ""}, ${sizeText(freeBytes)} free on the machine`;
  if (room < ENOUGH_BYTES)
    return [
      node,
      warning(
        "runtime.memory",
        told,
        "a server uses up to 900 MB with the embedded database; without memory it is ended in the middle of its work, which loses nothing acknowledged but takes the portal away",
        "give it 1 GB or more, or use PostgreSQL on another machine (docs/operations.md, Sizes)",
      ),
    ];
  if (isLimited && heapBytes * BESIDE_HEAP > limitBytes)
    return [
      node,
      warning(
        "runtime.memory",
        `${told}; Node may use ${sizeText(heapBytes)} for its heap alone`,
        "the container would be killed before Node begins to clean up",
        "start it with npm start, which sets a limit, or set NODE_OPTIONS=--max-old-space-size=… (MB)",
      ),
    ];
  return [node, ok("runtime.memory", told)];
}
