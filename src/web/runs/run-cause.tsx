import { Link } from "@tanstack/react-router";
import type { RunDoc } from "../actions/types.ts";

/** The automation that began a run, or the alert or initiative that it was made of: where to put it right. */
export function RunCause({ action: { identifier, title, deleted } }: Pick<RunDoc, "action">) {
  const [, kind, of = ""] = /^(alert|initiative):([^:]+)/.exec(identifier) ?? [];
  if (kind === "initiative")
    return (
      <Link to="/initiatives/$id" params={{ id: of }}>
        Initiative {of}
      </Link>
    );
  if (kind === "alert")
    return (
      <Link to="/automations" search={{ tab: "alerts", edit: of }}>
        Alert {of}
      </Link>
    );
  if (deleted === true) return "Automation";
  return (
    <Link to="/automations" search={{ edit: identifier }}>
      Automation {title || identifier}
    </Link>
  );
}
