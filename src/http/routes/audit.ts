import { AuditQuery, AuditResponse } from "../../api/audit.ts";
import { errors } from "../../api/common.ts";
import { auditLog, type AuditQuestion } from "../../catalog/audit-log.ts";
import type { FairwayInstance, RouteDeps } from "../app-types.ts";

const TEXTS = [
  "identifier",
  "entity",
  "blueprint",
  "run_id",
  "webhookId",
  "webhookEventId",
  "InstallationId",
  "from",
  "to",
];
const LISTS = ["origin", "resources", "action", "actor", "actionType", "status", "includes"];

export function auditRoutes(app: FairwayInstance, deps: RouteDeps): void {
  app.get(
    "/v1/audit-log",
    {
      config: { access: "member", contract: "port" },
      schema: {
        tags: ["Audit log"],
        summary: "Who changed what, newest first; members name an entity, an event or a run",
        querystring: AuditQuery,
        response: { 200: AuditResponse, ...errors(401, 403, 422) },
      },
    },
    async (request) => {
      const audits = await auditLog(deps.ctx(request), questionOf(request.query));
      return { ok: true as const, audits };
    },
  );
}

/** Texts may come empty and lists repeated or joined by commas, as clients send them. */
function questionOf(query: Readonly<Record<string, unknown>>): AuditQuestion {
  const texts = TEXTS.flatMap((name) => {
    const value = query[name];
    const last: unknown = Array.isArray(value) ? value.at(-1) : value;
    return typeof last === "string" && last !== "" ? [[name, last]] : [];
  });
  const lists = LISTS.flatMap((name) => {
    const values = [query[name]].flat().filter((value) => typeof value === "string");
    const items = values.flatMap((value) => value.split(",")).filter((item) => item !== "");
    return items.length === 0 ? [] : [[name, items]];
  });
  const { limit } = query;
  const isWithoutSystem = [query["system"]].flat().at(-1) === "false";
  return {
    ...(Object.fromEntries([...texts, ...lists]) as AuditQuestion),
    ...(typeof limit === "number" ? { limit } : {}),
    ...(isWithoutSystem ? { isWithoutSystem } : {}),
  };
}
