/** `POST /v1/alerts/preview`: what an alert would do now, what it would have done lately, and whom it would tell. Nothing is written. */
import { type Alert, parseAlert } from "../../model/alert.ts";
import { replayAlert } from "../../model/alert-replay.ts";
import { FIRST_STATE, stepAlert } from "../../model/alert-state.ts";
import { invalid } from "../../model/error.ts";
import { isObject, type JsonObject, kindOf } from "../../model/json.ts";
import type { Ctx } from "../../storage/context.ts";
import { readTeams } from "../../storage/people.ts";
import type { AlertMeans } from "./alert-means.ts";
import type { AlertPeople } from "./alert-message.ts";
import { peopleOf } from "./alert-people.ts";
import { readSamples, type Seen, type Subject } from "./alert-samples.ts";
import { checkWatched } from "./check-watched.ts";
import { type Past, type PastPoint, pastSamples } from "./past-samples.ts";

export interface PreviewMeans extends Pick<AlertMeans, "metrics"> {
  /** This server sends e-mail. */
  readonly mails: boolean;
}

const DAYS = 30;
const DAY_MS = 86_400_000;
const MAX_ROWS = 50;
/** Groups of owners whose members are looked up. */
const MAX_GROUPS = 200;

/** An alert that is not whole yet may lack its name. @throws AppError invalid_request, not_found for what it watches */
export async function previewAlert(ctx: Ctx, body: unknown, means: PreviewMeans): Promise<JsonObject> {
  if (!isObject(body)) throw invalid(`the alert must be an object, not ${kindOf(body)}`);
  const { identifier } = body;
  const isNamed = typeof identifier !== "string" || identifier !== "";
  const { alert } = parseAlert({ ...body, identifier: isNamed ? (identifier ?? "preview") : "preview" });
  await checkWatched(ctx, alert.source);
  const own = { ...means, publicUrl: () => "" };
  const seen = await readSamples(ctx, alert, own, "all");
  const past = await pastSamples(ctx, alert, means, DAYS, seen);
  const people = await reachOf(ctx, alert, seen);
  const channels = channelsOf(alert, means.mails);
  const now = ctx.now().getTime();
  const judged = seen.map((one) => ({
    ...one,
    fires: stepAlert(alert.rule, FIRST_STATE, one.sample, false, now).state.isFiring,
    told: toldOf(people(one.subject), channels),
  }));
  const ordered = [...judged.filter(({ fires }) => fires), ...judged.filter(({ fires }) => !fires)];
  const unreached = judged.filter(({ told }) => told !== null && !told.isReached);
  return {
    now: {
      subjects: judged.length,
      fires: judged.filter(({ fires }) => fires).length,
      rows: ordered.slice(0, MAX_ROWS).map(({ subject, shown, observations, fires, told }) => ({
        ...{ subject: subject.key, title: subject.title, teams: subject.teams, shown, observations, fires },
        told: told === null ? null : { emails: told.emails, teamChannels: told.teamChannels },
      })),
    },
    channels: channels.fixed,
    nobody: { subjects: unreached.length, titles: unreached.slice(0, MAX_ROWS).map(titleOf) },
    past: typeof past === "string" ? null : pastOf(ctx, alert, past),
    unknown: typeof past === "string" ? past : null,
  };
}

const titleOf = ({ subject }: { readonly subject: Subject }): string => subject.title;

interface Channels {
  /** Those that are told of everything. */
  readonly fixed: readonly string[];
  readonly mails: boolean;
}

function channelsOf({ recipients }: Alert, mails: boolean): Channels {
  const fixed = (["slack", "teams", "webhook"] as const).filter((key) => recipients[key] !== null);
  return { fixed, mails };
}

interface Told {
  readonly emails: readonly string[];
  /** How many; their addresses are secrets in themselves. */
  readonly teamChannels: number;
  readonly isReached: boolean;
}

function toldOf(people: AlertPeople | null, { fixed, mails }: Channels): Told | null {
  if (people === null) return null;
  const emails = mails ? people.emails : [];
  const teamChannels = people.teamChannels.length;
  return { emails, teamChannels, isReached: fixed.length + emails.length + teamChannels > 0 };
}

/** Many subjects have the same owners. */
async function reachOf(
  ctx: Ctx,
  alert: Alert,
  seen: readonly Seen[],
): Promise<(subject: Subject) => AlertPeople | null> {
  const keyOf = ({ blueprint, teams }: Subject): string => JSON.stringify([blueprint === null, teams]);
  const groups = new Map<string, Subject>();
  for (const { subject } of seen) groups.set(keyOf(subject), subject);
  const people = new Map<string, AlertPeople>();
  let teams: ReturnType<typeof readTeams> | null = null;
  const allTeams = () => (teams ??= readTeams(ctx.db, ctx.org));
  for (const [key, subject] of [...groups].slice(0, MAX_GROUPS))
    people.set(key, await peopleOf(ctx, alert, [subject], allTeams));
  return (subject) => people.get(keyOf(subject)) ?? null;
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function pastOf(ctx: Ctx, { rule }: Alert, { tracks, everyDays }: Past): JsonObject {
  const to = ctx.now();
  const from = new Date(to.getTime() - DAYS * DAY_MS);
  const replayed = tracks.map((track) => replayAlert<PastPoint>(rule, track));
  const moves = replayed.flatMap(({ transitions }) => transitions).sort((a, b) => b.point.at - a.point.at);
  const fired = moves.filter(({ transition }) => transition === "FIRED");
  const byDay = Map.groupBy(fired, ({ point }) => dayOf(point.at));
  return {
    ...{ from: from.toISOString(), to: to.toISOString(), days: DAYS, everyDays },
    firedAtStart: replayed.filter(({ firedAtStart }) => firedAtStart).length,
    fired: fired.length,
    resolved: moves.length - fired.length,
    // By the days of UTC.
    byDay: Array.from({ length: DAYS + 1 }, (_, i) => {
      const date = dayOf(from.getTime() + i * DAY_MS);
      return { date, fired: byDay.get(date)?.length ?? 0 };
    }),
    rows: moves.slice(0, MAX_ROWS).map(({ transition, point: { at, subject, shown } }) => ({
      ...{ transition, at: new Date(at).toISOString(), subject: subject.key, title: subject.title, shown },
    })),
  };
}
