import type { AuditEvent } from "../catalog/queries.ts";
import { csv } from "../lib/csv.ts";
import { differences } from "./differences.ts";
import { doneBy, subjectOf } from "./words.ts";

const HEAD = [
  "identifier",
  "at",
  "by",
  "origin",
  "action",
  "resourceType",
  "blueprint",
  "subject",
  "status",
  "message",
  "changes",
];

/** One row for each event; what changed as JSON, leaf by leaf. */
export function auditCsv(events: readonly AuditEvent[]): string {
  return csv(
    HEAD,
    events.map((event) => {
      const { identifier, trigger, action, resourceType, context, status, message, diff } = event;
      const blueprint = context["blueprint"];
      return [
        identifier,
        trigger.at,
        doneBy(event),
        trigger.origin,
        action,
        resourceType,
        typeof blueprint === "string" ? blueprint : "",
        subjectOf(event) ?? "",
        status,
        message ?? "",
        JSON.stringify(differences(diff?.before, diff?.after)),
      ];
    }),
  );
}
