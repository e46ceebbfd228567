import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { forgetCause, incidentQuery, saveCause, type Cause, type Incident } from "./incident-queries.ts";
import { keyOf, type Decision, type Decisions } from "./review-list.ts";

export interface DecisionTools {
  readonly decisions: Decisions;
  /** Shows at once; answers with what went wrong, if anything. */
  readonly decide: (incident: Incident, cause: Cause) => Promise<Error | null>;
  /** Brings back what held before: an earlier verdict, or none. */
  readonly undo: (key: string) => Promise<void>;
}

/** Verdicts given on this page. Those of one incident are sent one after the other. */
export function useDecisions(): DecisionTools {
  const client = useQueryClient();
  const [decisions, setDecisions] = useState<Decisions>(new Map());
  const lines = useRef(new Map<string, Promise<Error | null>>());
  /** By key; null: there was no verdict before. */
  const befores = useRef(new Map<string, Cause | null>());

  const put = (key: string, decision: Decision): void =>
    setDecisions((all) => new Map(all).set(key, decision));

  /** After what is under way for the same incident. */
  const inLine = (key: string, job: () => Promise<void>): Promise<Error | null> => {
    const done = settled(lines.current.get(key), job);
    lines.current.set(key, done);
    void done.then(() => client.invalidateQueries({ queryKey: ["dora"] }));
    return done;
  };

  const decide = async (incident: Incident, cause: Cause): Promise<Error | null> => {
    const key = keyOf(incident);
    const decision: Decision = { incident, deployment: cause.deployment, phase: "decided", error: null };
    put(key, decision);
    const error = await inLine(key, async () => {
      const { verdict } = await client.fetchQuery({ ...incidentQuery(incident.entity), staleTime: 0 });
      await saveCause(incident.entity, cause);
      befores.current.set(key, verdict);
    });
    if (error !== null) put(key, { ...decision, phase: "undone", error });
    return error;
  };

  const undo = async (key: string): Promise<void> => {
    const decision = decisions.get(key);
    if (decision === undefined) return;
    put(key, { ...decision, phase: "undone", error: null });
    const { entity } = decision.incident;
    const error = await inLine(key, async () => {
      const before = befores.current.get(key);
      // It was never saved: there is nothing to take back.
      if (before === undefined) return;
      await (before === null ? forgetCause(entity) : saveCause(entity, before));
      befores.current.delete(key);
    });
    if (error !== null) put(key, { ...decision, phase: "decided", error });
  };

  return { decisions, decide, undo };
}

/** Runs the job after the one before; answers with what went wrong instead of throwing it. */
async function settled(
  before: Promise<unknown> | undefined,
  job: () => Promise<void>,
): Promise<Error | null> {
  await before;
  try {
    await job();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
