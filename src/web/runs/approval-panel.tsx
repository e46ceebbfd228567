import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { approvalsQuery, approversQuery, decideRun } from "../actions/queries.ts";
import type { RunDoc } from "../actions/types.ts";
import { Actor } from "../parts/actor.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./runs.module.css";

const WORDS = { APPROVED: "Approved", DECLINED: "Declined", PENDING: "Has not decided" } as const;
const TONES = { APPROVED: "good", DECLINED: "bad", PENDING: undefined } as const;

/** Who decides, what they decided, and the buttons for whoever may. */
export function ApprovalPanel({ run }: { run: RunDoc }) {
  const approvers = useQuery(approversQuery(run.id));
  const mine = useQuery(approvalsQuery).data?.some(({ id }) => id === run.id) === true;
  return (
    <section
      className={`card stack ${run.status === "WAITING_FOR_APPROVAL" ? css["approval"] : ""}`}
      aria-labelledby="approval"
    >
      <h2 id="approval">Approval</h2>
      <p className="muted small">
        {run.approval?.type === "ALL" ? "Everybody named has to agree." : "One approval is enough."}
      </p>
      {approvers.error ? (
        <ErrorPanel what="load who approves" error={approvers.error} />
      ) : (
        <ul className="stack" style={{ gap: 6 }}>
          {(approvers.data ?? []).map(({ email, state, description }) => (
            <li key={email} className="row">
              <span style={{ overflowWrap: "anywhere" }}>
                <Actor id={email} /> <span className="muted small">{email}</span>
              </span>
              <Tag tone={TONES[state]}>{WORDS[state]}</Tag>
              {description ? <span className="muted small">{description}</span> : null}
            </li>
          ))}
        </ul>
      )}
      {run.status === "WAITING_FOR_APPROVAL" && mine ? <Decide run={run.id} /> : null}
    </section>
  );
}

export function Decide({ run }: { run: string }) {
  const [said, setSaid] = useState("");
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (status: "APPROVE" | "DECLINE") => decideRun(run, status, said.trim()),
    onSettled: () => client.invalidateQueries({ queryKey: ["runs"] }),
  });
  return (
    <div className="stack" style={{ gap: 10 }}>
      {decide.error ? <ErrorPanel what="decide" error={decide.error} /> : null}
      <Textarea
        label="Comment"
        autosize
        minRows={2}
        value={said}
        onChange={(event) => setSaid(event.currentTarget.value)}
      />
      <div className="row">
        <Button
          size="xs"
          loading={decide.isPending && decide.variables === "APPROVE"}
          onClick={() => decide.mutate("APPROVE")}
        >
          Approve
        </Button>
        <Button
          size="xs"
          variant="outline"
          color="red"
          loading={decide.isPending && decide.variables === "DECLINE"}
          onClick={() => decide.mutate("DECLINE")}
        >
          Decline
        </Button>
      </div>
    </div>
  );
}
