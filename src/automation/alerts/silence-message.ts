/** What an alert says of a source that went silent: what failed, since when, and what to do about it, a sentence each. */
import type { Heard } from "../../storage/last-heard.ts";

/** Since when nothing came, and from where. */
export interface Silence extends Pick<Heard, "at" | "failure"> {
  readonly from: Heard["kind"] | "blueprint";
}

const REMEDIES: Readonly<Record<Silence["from"], string>> = {
  connection:
    "Open the data source, see whether its system still sends events, and choose “Sync what changed”.",
  webhook: "Check that its sender still runs and sends to the address of the webhook.",
  integration: "Check that the integration still runs where it was installed.",
  blueprint: "Check the data sources that write this blueprint.",
};

/** @param rule `above 24` */
export function silenceSentences(
  title: string,
  { from, at, failure }: Silence,
  shown: string,
  rule: string,
  isOver: boolean,
): string {
  const what = from === "blueprint" ? `an entity of ${title}` : title;
  const since = `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  if (isOver)
    return `Something last came from ${what} at ${since}, ${shown} ago. The alert was for hours ${rule}.`;
  const failed =
    failure === null
      ? `Nothing has come from ${what} for ${shown}.`
      : `The last sync of ${title} failed: ${withoutStop(failure)}.`;
  const when =
    failure === null
      ? `The last was at ${since}; the alert is for hours ${rule}.`
      : `It was last heard of at ${since}, ${shown} ago; the alert is for hours ${rule}.`;
  const remedy =
    failure === null
      ? REMEDIES[from]
      : "Open the data source, put right what the sync could not do, and choose “Sync what changed”.";
  return `${failed} ${when} ${remedy}`;
}

const withoutStop = (text: string): string => text.trim().replace(/\.$/, "");
