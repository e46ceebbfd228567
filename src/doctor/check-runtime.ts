/** Node and the memory that it may use. */
import { availableParallelism, freemem, totalmem } from "node:os";
import { failed, type Finding, ok, sizeText, warning } from "./finding.ts";

export interface Runtime {
  readonly version: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** Of a container or a unit; 0: none. */
  readonly limitBytes: number;
  readonly processors: number;
}

const MIN_NODE = 24;
/** What docs/operations.md says to begin with. */
const ENOUGH_BYTES = 1_000_000_000;

export const runtimeOfThisProcess = (): Runtime => ({
  version: process.versions.node,
  totalBytes: totalmem(),
  freeBytes: freemem(),
  limitBytes: process.constrainedMemory(),
  processors: availableParallelism(),
});

export function checkRuntime(runtime: Runtime): Finding[] {
  const { version, totalBytes, freeBytes, limitBytes, processors } = runtime;
  const node =
    Number(version.split(".")[0]) < MIN_NODE
      ? failed(
          "runtime.node",
          `this is Node ${version}`,
          `Fairway needs Node ${MIN_NODE} or newer`,
          "use the Node of the image, or the one that npm ci installs: npm start and npx fairway take it",
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
  return [node, ok("runtime.memory", told)];
}
