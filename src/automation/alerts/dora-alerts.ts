/** The alerts of `POST /v1/templates/dora`: teams below the thresholds, and sources of deployments that fell silent. */
import { createHash } from "node:crypto";
import { parseAlert } from "../../model/alert.ts";
import { type JsonObject, sameJson } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { createAlert, getAlerts } from "./define-alert.ts";

interface Limits {
  readonly high: number;
  readonly medium: number;
}

export interface DoraAlertsInput {
  /** Deployments per day, seconds, ratio, seconds. */
  readonly limits: Readonly<Record<(typeof WATCHED)[number]["metric"], Limits>>;
  /** Blueprints that deployments come in as. */
  readonly deployments: readonly string[];
  /** Who is to be told, as an alert says it; null: managers of the team, by e-mail. */
  readonly recipients: JsonObject | null;
  /** This server sends e-mail. */
  readonly mails: boolean;
}

const WATCHED = [
  {
    identifier: "dora-deployment-frequency",
    metric: "deploymentFrequency",
    is: "below",
    minimum: 0,
    title: "Deployment frequency of a team below the threshold",
  },
  {
    identifier: "dora-lead-time",
    metric: "changeLeadTime",
    is: "above",
    minimum: 10,
    title: "Change lead time of a team above the threshold",
  },
  {
    identifier: "dora-failure-rate",
    metric: "changeFailureRate",
    is: "above",
    minimum: 10,
    title: "Change failure rate of a team above the threshold",
  },
  {
    identifier: "dora-recovery-time",
    metric: "failedDeploymentRecoveryTime",
    is: "above",
    minimum: 3,
    title: "Recovery time of a team above the threshold",
  },
] as const;
/** Two weeks: a holiday is no outage. */
const SILENT_HOURS = 336;

/** @throws AppError invalid_request for recipients that no alert can have, and whatever else one cannot be */
export function doraAlerts(input: DoraAlertsInput): JsonObject[] {
  const { limits, deployments, recipients, mails } = input;
  const told = recipients ?? { managers: true };
  const means = parseAlert({
    identifier: "dora",
    source: { type: "silence", blueprint: "deployment" },
    rule: { type: "threshold", value: 0 },
    recipients: told,
  }).alert.recipients;
  const hasChannel = [means.slack, means.teams, means.webhook].some((one) => one !== null);
  const isShared = hasChannel || (mails && means.emails.length > 0);
  const byMail = mails && (means.owners || means.managers);
  const alerts = [
    ...WATCHED.map(({ identifier, title, metric, is, minimum }): JsonObject => {
      const value = rounded(limits[metric].medium);
      const better = rounded(limits[metric].high);
      return {
        ...{ identifier, title, enabled: isShared || byMail || means.teamChannel !== null },
        source: { type: "metric", metric, window: "30d", per: "_team" },
        // It is over where the next better level begins.
        rule: {
          ...{ type: "threshold", is, value },
          clear: is === "above" ? Math.min(value, better) : Math.max(value, better),
        },
        ...(minimum > 0 && { minimum }),
        ...{ recipients: told, digest: "day" },
      };
    }),
    // Nobody owns a source: who is to be told has to be said.
    ...deployments.map((blueprint): JsonObject => ({
      identifier: silentIdentifier(blueprint),
      ...{ title: `No ${blueprint} came for two weeks`, enabled: isShared },
      source: { type: "silence", blueprint },
      rule: { type: "threshold", is: "above", value: SILENT_HOURS },
      recipients: told,
    })),
  ];
  for (const alert of alerts) parseAlert(alert);
  return alerts;
}

const SILENT = "dora-silent-";
/** What is left of the 60 characters of an alert's identifier. */
const MAX_NAME = 48;
const DIGEST = 8;

/** Blueprints may have longer names than alerts, and other characters: such names are told apart by a digest. */
function silentIdentifier(blueprint: string): string {
  const plain = blueprint.replaceAll(/[/\\]/g, "-");
  if (plain === blueprint && plain.length <= MAX_NAME) return SILENT + plain;
  const digest = createHash("sha256").update(blueprint).digest("hex").slice(0, DIGEST);
  // Half a character at its end is none.
  const beginning = plain.slice(0, MAX_NAME - DIGEST - 1).replace(/[\ud800-\udbff]$/, "");
  return `${SILENT}${beginning}-${digest}`;
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

export interface MadeAlerts {
  readonly alerts: readonly {
    readonly identifier: string;
    readonly action: "created" | "unchanged";
    readonly enabled: boolean;
    readonly kept: readonly string[];
  }[];
  readonly notes: readonly string[];
}

/** Makes those that are not there; who changed one keeps theirs, who deleted one gets it again. */
export async function makeDoraAlerts(ctx: Ctx, input: DoraAlertsInput, dryRun: boolean): Promise<MadeAlerts> {
  const wanted = doraAlerts(input);
  const present = new Map((await getAlerts(ctx)).map((alert) => [alert["identifier"], alert]));
  const alerts: MadeAlerts["alerts"][number][] = [];
  for (const alert of wanted) {
    const identifier = String(alert["identifier"]);
    const found = present.get(identifier);
    if (found === undefined && !dryRun) await createAlert(ctx, alert);
    const kept = Object.keys(alert).filter((key) => found !== undefined && !sameJson(found[key], alert[key]));
    const enabled = (found ?? alert)["enabled"] !== false;
    alerts.push({ identifier, action: found === undefined ? "created" : "unchanged", enabled, kept });
  }
  const off = alerts.filter(({ action, enabled }) => action === "created" && !enabled);
  return {
    alerts,
    notes:
      off.length === 0
        ? []
        : [
            `alerts that nobody would hear of are switched off: ${off.map(({ identifier }) => identifier).join(", ")}; name their recipients, and switch them on`,
          ],
  };
}
