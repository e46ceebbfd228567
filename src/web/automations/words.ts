import type { Doc } from "../actions/document-drawer.tsx";

export const EVENTS: readonly { readonly value: string; readonly label: string }[] = [
  { value: "ENTITY_CREATED", label: "An entity is created" },
  { value: "ENTITY_UPDATED", label: "An entity changes" },
  { value: "ENTITY_DELETED", label: "An entity is deleted" },
  { value: "ANY_ENTITY_CHANGE", label: "Anything happens to an entity" },
  { value: "TIMER_PROPERTY_EXPIRED", label: "A timer ends" },
  { value: "RUN_CREATED", label: "A run begins" },
  { value: "RUN_UPDATED", label: "A run changes" },
  { value: "ANY_RUN_CHANGE", label: "Anything happens to a run" },
  { value: "SCHEDULE", label: "At certain times" },
  { value: "ALERT_FIRED", label: "An alert fires" },
  { value: "ALERT_RESOLVED", label: "An alert is over" },
];

/** `An entity changes · deployment`. */
export function triggerText(event: Doc): string {
  const { type, blueprintIdentifier, propertyIdentifier, actionIdentifier, alertIdentifier, cron } = event;
  const label = EVENTS.find(({ value }) => value === type)?.label ?? String(type);
  const of = [blueprintIdentifier, propertyIdentifier, actionIdentifier, alertIdentifier, cron].filter(
    (one) => typeof one === "string" && one !== "",
  );
  return [label, ...of].join(" · ");
}

/** What an alert may watch of DORA, in the units that people write. */
export const METRICS = [
  { value: "deploymentFrequency", label: "Deployment frequency (per day)" },
  { value: "changeLeadTime", label: "Change lead time (hours)" },
  { value: "changeFailureRate", label: "Change failure rate (%)" },
  { value: "failedDeploymentRecoveryTime", label: "Failed deployment recovery time (hours)" },
  { value: "meanTimeToRecovery", label: "Mean time to recovery (hours)" },
  { value: "reworkRate", label: "Rework rate (%)" },
];
