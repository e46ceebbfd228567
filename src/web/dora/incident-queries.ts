import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { deleteJson, getJson, sendJson, type Params } from "../api/client.ts";
import { doraParams } from "../api/queries.ts";
import type { Iso, WindowInfo } from "../api/types.ts";
import type { IncidentQuery } from "../lib/incident-search.ts";

export interface IncidentEntity {
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string | null;
  readonly url: string | null;
}

/** Which deployment is the cause, by which rule, and how sure that is. */
export interface IncidentLink {
  readonly deployment: string | null;
  /** Null where the deployment is not known. */
  readonly service: string | null;
  readonly environment: string | null;
  readonly method: string;
  readonly confidence: string | null;
  readonly reason: string;
}

export interface Incident {
  readonly entity: IncidentEntity;
  readonly services: readonly string[];
  readonly severity: string | null;
  readonly status: string;
  readonly startedAt: Iso;
  readonly endedAt: Iso | null;
  readonly isOpen: boolean;
  readonly link: IncidentLink;
  /** The latest few of the failure window. */
  readonly candidates: readonly {
    readonly deployment: string;
    readonly service: string;
    readonly environment: string;
    readonly finishedAt: Iso;
  }[];
  readonly candidateCount: number;
}

export interface Cause {
  /** Null: no deployment caused it. */
  readonly deployment: string | null;
  readonly reason: string;
}

interface Verdict extends Cause {
  readonly decidedBy: string;
  readonly decidedAt: Iso;
}

interface IncidentsAnswer {
  readonly window: WindowInfo;
  readonly incidents: readonly Incident[];
  readonly total: number;
  readonly next: string | null;
}

const PAGE = 100;

export const incidentsQuery = ({ measured, show }: IncidentQuery) => {
  const params: Params = { ...doraParams(measured), linked: show === "all" ? undefined : show };
  return infiniteQueryOptions({
    queryKey: ["dora", "incidents", params],
    queryFn: ({ signal, pageParam }) =>
      getJson<IncidentsAnswer>(
        "/v1/dora/incidents",
        { ...params, limit: PAGE, from_cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
};

type Which = Pick<IncidentEntity, "blueprint" | "identifier">;

const at = (identifier: string): string => `/v1/dora/incidents/${encodeURIComponent(identifier)}`;

/** With the verdict in force. */
export const incidentQuery = ({ blueprint, identifier }: Which) =>
  queryOptions({
    queryKey: ["dora", "incident", blueprint, identifier],
    queryFn: ({ signal }) =>
      getJson<{ incident: Incident; verdict: Verdict | null }>(at(identifier), { blueprint }, signal),
  });

export const saveCause = ({ blueprint, identifier }: Which, { deployment, reason }: Cause) =>
  sendJson<{ cause: Verdict }>("PUT", `${at(identifier)}/cause?blueprint=${encodeURIComponent(blueprint)}`, {
    deployment,
    reason,
  });

/** Back to the data and the rule. */
export const forgetCause = ({ blueprint, identifier }: Which) =>
  deleteJson<{ ok: true }>(`${at(identifier)}/cause`, { blueprint });
