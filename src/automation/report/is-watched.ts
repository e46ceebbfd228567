/** Of which invocations the end is asked for. */
import type { JsonObject } from "../../model/json.ts";
import { isTrue } from "../start-run.ts";

/** Whether the end of what the run starts is asked for: of GITHUB unless it says otherwise (as Port), of GITLAB and AZURE_DEVOPS if they say so. */
export function isWatched(invocation: JsonObject): boolean {
  const { type, reportWorkflowStatus: flag = null } = invocation;
  if (type === "GITHUB") return flag === null || isTrue(flag);
  return (type === "GITLAB" || type === "AZURE_DEVOPS") && isTrue(flag);
}
