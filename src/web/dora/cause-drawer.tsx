import { Button, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useState, type FormEvent } from "react";
import { isGone } from "../api/is-gone.ts";
import { dateTime, plural } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Missing } from "../parts/missing.tsx";
import { SideDrawer } from "../parts/side-drawer.tsx";
import { Unsaved } from "../parts/unsaved.tsx";
import { useReturningClose } from "../parts/use-returning-close.ts";
import own from "./incidents.module.css";
import { incidentQuery, type Cause, type Incident } from "./incident-queries.ts";

interface Props {
  /** `blueprint:identifier`. */
  reference: string;
  timezone: string;
  onDecide: (incident: Incident, cause: Cause) => Promise<Error | null>;
  onClose: () => void;
}

/** Says which deployment caused an incident, or that none did, and why. */
export function CauseDrawer({ reference, timezone, onDecide, onClose }: Props) {
  const colon = reference.indexOf(":");
  const blueprint = reference.slice(0, Math.max(0, colon));
  const identifier = reference.slice(colon + 1);
  const { data, error, refetch } = useQuery(incidentQuery({ blueprint, identifier }));

  const close = useReturningClose(onClose, `[data-correct="${CSS.escape(reference)}"]`);

  return (
    <SideDrawer
      title={`Cause of ${data?.incident.entity.title ?? identifier}`}
      size={560}
      focusIsReturned
      onClose={close}
    >
      {data ? (
        <CauseForm
          incident={data.incident}
          reason={data.verdict?.reason ?? ""}
          timezone={timezone}
          onDecide={onDecide}
          onClose={close}
        />
      ) : isGone(error) ? (
        <Missing what="The incident" />
      ) : error ? (
        <ErrorPanel what="load the incident" error={error} onRetry={() => void refetch()} />
      ) : (
        <div className="stack" aria-busy>
          <Bone height={120} />
          <Bone height={80} />
        </div>
      )}
    </SideDrawer>
  );
}

const OTHER = "\u0000other";
const NONE = "\u0000none";

function CauseForm({
  incident,
  reason,
  timezone,
  onDecide,
  onClose,
}: Pick<Props, "timezone" | "onDecide" | "onClose"> & { incident: Incident; reason: string }) {
  const { link, candidates, candidateCount } = incident;
  const isListed = candidates.some(({ deployment }) => deployment === link.deployment);
  const [chosen, setChosen] = useState(link.deployment ?? NONE);
  const [other, setOther] = useState("");
  const [why, setWhy] = useState(reason);
  const [problem, setProblem] = useState<Error | null>(null);
  const [busy, setBusy] = useState(false);
  const group = useId();

  const typed = other.trim();
  const isReady = why.trim() !== "" && (chosen !== OTHER || typed !== "");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || busy) return;
    setBusy(true);
    const deployment = chosen === NONE ? null : chosen === OTHER ? typed : chosen;
    const failed = await onDecide(incident, { deployment, reason: why.trim() });
    setBusy(false);
    setProblem(failed);
    if (failed === null) onClose();
  };
  const radio = (value: string, title: string, detail?: string) => (
    <label key={value} className={own["option"]}>
      <input
        type="radio"
        name={group}
        value={value}
        checked={chosen === value}
        onChange={() => setChosen(value)}
      />
      <span>
        {title}
        {detail === undefined ? null : <small>{detail}</small>}
      </span>
    </label>
  );

  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <Unsaved value={[chosen, other, why]} />
      <p className="muted small">
        What you decide beats the incident's own data and the rule, is kept when numbers are computed again,
        and stands in the audit log.
      </p>
      {problem ? <ErrorPanel what="save the cause" error={problem} /> : null}
      <fieldset className={own["options"]}>
        <legend>What caused it?</legend>
        {link.deployment === null || isListed
          ? null
          : radio(link.deployment, link.deployment, "the cause now")}
        {candidates.map(({ deployment, service, environment, finishedAt }) =>
          radio(
            deployment,
            deployment,
            `${service}, ${environment}, finished ${dateTime(finishedAt, timezone)}${
              deployment === link.deployment ? ", the cause now" : ""
            }`,
          ),
        )}
        {candidateCount > candidates.length ? (
          <p className="muted small">
            Not listed: {plural(candidateCount - candidates.length, "earlier deployment")} of the failure
            window.
          </p>
        ) : null}
        {radio(OTHER, "Another deployment")}
        {chosen === OTHER ? (
          <TextInput
            label="Identifier of the deployment"
            value={other}
            maxLength={1000}
            onChange={(event) => setOther(event.currentTarget.value)}
          />
        ) : null}
        {radio(NONE, "Not caused by a deployment")}
      </fieldset>
      <Textarea
        label="Reason"
        description="For those who read the numbers later"
        required
        autosize
        minRows={2}
        maxLength={2000}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" disabled={!isReady} loading={busy}>
          Save the cause
        </Button>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
