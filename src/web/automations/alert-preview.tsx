import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { Doc } from "../actions/document-drawer.tsx";
import { dayMonth, plural } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { Tag } from "../parts/tag.tsx";
import css from "./alert-preview.module.css";
import { type AlertPreviewDoc, previewAlert } from "./preview-query.ts";

const SHOWN = 8;

/** What the alert of the form would do now, what it would have done lately, and whom it would tell. */
export function AlertPreview({ document }: { document: Doc }) {
  const preview = useMutation({ mutationFn: (asked: Doc) => previewAlert(asked) });
  const { data, error, isPending, variables } = preview;
  const isStale = variables !== undefined && variables !== document;
  return (
    <section className="stack" aria-labelledby="alert-preview" aria-busy={isPending}>
      <div className="row between">
        <h3 id="alert-preview">What it would do</h3>
        <Button
          size="xs"
          variant="default"
          loading={isPending}
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          onClick={() => preview.mutate(document)}
        >
          {data === undefined && error === null ? "Try it" : "Try again"}
        </Button>
      </div>
      {isPending ? <Bone height={120} /> : null}
      {!isPending && error ? <ErrorPanel what="try the alert" error={error} /> : null}
      {isPending || data === undefined ? null : (
        <>
          {isStale ? <p className="muted small">The form has changed since.</p> : null}
          <Outcome preview={data} />
        </>
      )}
      {preview.isIdle ? (
        <p className="muted small">
          Nothing is saved or sent: it is looked at with the numbers that are there.
        </p>
      ) : null}
    </section>
  );
}

function Outcome({ preview }: { preview: AlertPreviewDoc }) {
  const { now, past, unknown, nobody, channels } = preview;
  const firing = now.rows.filter(({ fires }) => fires);
  return (
    <div className={css["box"]} role="status">
      {nobody.subjects > 0 ? (
        <Notice>
          Nobody would be told of {some(nobody.titles, nobody.subjects)}: neither an address nor a channel.
        </Notice>
      ) : null}
      <p className={css["lead"]}>
        {now.subjects === 0 ? (
          "There is nothing to watch yet."
        ) : (
          <>
            <strong>
              {now.fires} of {now.subjects}
            </strong>{" "}
            would fire now.
          </>
        )}
      </p>
      {firing.length === 0 ? null : (
        <ul className={css["list"]}>
          {firing.slice(0, SHOWN).map(({ subject, title, shown, observations, told }) => (
            <li key={subject} className="small">
              <strong>{title}</strong>
              <span>
                {shown}
                {observations === null ? "" : ` (${observations})`}
              </span>
              <span className="muted">{toldText(told, channels)}</span>
            </li>
          ))}
          {now.fires > SHOWN ? <li className="muted small">and {now.fires - SHOWN} more</li> : null}
        </ul>
      )}
      {past === null ? (
        <p className="muted small">What it would have done before cannot be told: {unknown}.</p>
      ) : (
        <PastDays past={past} />
      )}
    </div>
  );
}

function PastDays({ past }: { past: NonNullable<AlertPreviewDoc["past"]> }) {
  const { fired, firedAtStart, resolved, byDay, days, everyDays, from, to, rows } = past;
  const most = Math.max(1, ...byDay.map((day) => day.fired));
  const text = `In the last ${days} days it would have fired ${plural(fired, "time")}`;
  return (
    <>
      <p className={css["lead"]}>
        In the last {days} days it would have fired <strong>{plural(fired, "time")}</strong>
        {resolved > 0 ? `, and been over ${plural(resolved, "time")}` : ""}.
      </p>
      <div>
        <div className={css["days"]} role="img" aria-label={`${text}, by day`}>
          {byDay.map((day) => (
            <span
              key={day.date}
              title={`${day.date}: ${day.fired}`}
              data-fired={day.fired > 0}
              style={{ height: `${(day.fired / most) * 100}%` }}
            />
          ))}
        </div>
        <div className={`${css["ends"] ?? ""} muted small`}>
          <span>{dayMonth(from, "UTC")}</span>
          <span>{dayMonth(to, "UTC")}</span>
        </div>
      </div>
      {firedAtStart > 0 ? (
        <p className="muted small">
          {plural(firedAtStart, "more was", "more were")} beyond the line at the start.
        </p>
      ) : null}
      {everyDays !== null && everyDays > 1 ? (
        <p className="muted small">Looked at every {everyDays} days only, as there are many.</p>
      ) : null}
      {rows.length === 0 ? null : (
        <ul className={css["list"]}>
          {rows.slice(0, SHOWN).map(({ transition, at, subject, title, shown }) => (
            <li key={`${at}.${subject}.${transition}`} className="small">
              <span className="muted">{dayMonth(at, "UTC")}</span>
              <Tag tone={transition === "FIRED" ? "bad" : "good"}>
                {transition === "FIRED" ? "fires" : "over"}
              </Tag>
              <span>{title}</span>
              <span className="muted">{shown}</span>
            </li>
          ))}
          {fired + resolved > SHOWN ? (
            <li className="muted small">and {fired + resolved - SHOWN} before</li>
          ) : null}
        </ul>
      )}
    </>
  );
}

type Told = AlertPreviewDoc["now"]["rows"][number]["told"];

const CHANNELS: Readonly<Record<string, string>> = { slack: "Slack", teams: "Teams", webhook: "a webhook" };

const NOT_LOOKED_UP = "owners not looked up";

function toldText(told: Told, channels: readonly string[]): string {
  const parts = [
    ...channels.map((channel) => CHANNELS[channel] ?? channel),
    ...(told === null || told.teamChannels === 0 ? [] : ["the team's channel"]),
    ...(told === null || told.emails.length === 0 ? [] : [some(told.emails, told.emails.length)]),
  ];
  const tells = `tells ${parts.join(", ")}`;
  // Of very many owners the server looks up the first ones.
  if (told === null) return parts.length === 0 ? NOT_LOOKED_UP : `${tells}; ${NOT_LOOKED_UP}`;
  return parts.length === 0 ? "nobody would be told" : tells;
}

/** The first few by name. */
function some(names: readonly string[], of: number): string {
  const named = names.slice(0, 3);
  const more = of - named.length;
  return more > 0 ? `${named.join(", ")} and ${more} more` : named.join(", ");
}
