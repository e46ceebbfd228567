/** How incident.io's incidents are listed (api-docs.incident.io: Incidents V2, pages by `after`). */
import type { JsonObject } from "../../model/json.ts";
import type { Kind, RawObject, Settings } from "../connector.ts";
import { orNull } from "../or-null.ts";
import { keyAt, numberAt, objectAt, objects, objectsAt, textAt } from "../read-json.ts";
import { lookbackStart } from "../lookback.ts";

const PAGE = 100;
/** Tests and tutorials are left out by the list itself. */
const REAL = new Set(["standard", "retrospective"]);

/** The time whose name fits first, of those that are set. Accounts name and order them as they like. */
function timeNamed(incident: JsonObject, names: readonly RegExp[]): string | null {
  const values = objectsAt(incident, "incident_timestamp_values");
  for (const name of names)
    for (const one of values) {
      const time = textAt(objectAt(one, "value"), "value");
      if (time !== null && name.test(textAt(objectAt(one, "incident_timestamp"), "name") ?? "")) return time;
    }
  return null;
}

const CATEGORIES: Readonly<Record<string, "resolved" | "canceled" | "duplicate">> = {
  ...{ learning: "resolved", closed: "resolved" },
  ...{ declined: "canceled", canceled: "canceled", merged: "duplicate" },
};

/** What custom fields whose name says service hold: entries of the catalog, options or texts. */
function servicesOf(incident: JsonObject): string[] {
  const fields = objectsAt(incident, "custom_field_entries").filter((entry) =>
    /service/i.test(textAt(objectAt(entry, "custom_field"), "name") ?? ""),
  );
  return fields
    .flatMap((entry) => objectsAt(entry, "values"))
    .flatMap((value) => {
      const entry = textAt(objectAt(value, "value_catalog_entry"), "name");
      const name = entry ?? textAt(objectAt(value, "value_option"), "value") ?? textAt(value, "value_text");
      return name === null ? [] : [name];
    });
}

function incidentObject(incident: JsonObject): RawObject {
  const category = textAt(objectAt(incident, "incident_status"), "category") ?? "";
  const __state = Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : "open";
  const resolved =
    timeNamed(incident, [/^resolved/i, /^fixed/i, /^closed/i]) ?? textAt(incident, "updated_at");
  return {
    key: keyAt(incident, "id"),
    version: textAt(incident, "updated_at"),
    payload: {
      ...incident,
      __state,
      __startedAt:
        timeNamed(incident, [/^(impact )?started/i, /^reported/i]) ?? textAt(incident, "created_at"),
      __detectedAt: timeNamed(incident, [/^detected/i, /^reported/i]),
      // One that was opened again keeps the time at which it had been resolved.
      __resolvedAt: __state === "resolved" ? resolved : null,
      __services: servicesOf(incident),
    },
  };
}

const oldest = (settings: Settings): string => new Date(lookbackStart(settings)).toISOString().slice(0, 10);

const incidents: Kind = {
  kind: "incident",
  title: "Incidents, closed ones too",
  incremental: true,
  async list({ http, settings }, { cursor, since }) {
    const { body } = await http.get("/v2/incidents", {
      ...{ page_size: PAGE, after: cursor, "created_at[gte]": oldest(settings) },
      // The filter takes days.
      "updated_at[gte]": since?.slice(0, 10),
    });
    const found = objectsAt(body, "incidents");
    const meta = objectAt(body, "pagination_meta");
    const total = numberAt(meta, "total_record_count");
    return {
      objects: found.map(incidentObject),
      next: found.length === 0 ? null : textAt(meta, "after"),
      ...(total !== null && { total }),
    };
  },
  async fetch({ http, settings }, ref) {
    const answer = await orNull(http.get(`/v2/incidents/${encodeURIComponent(keyAt(ref, "id"))}`));
    const [found] = objects([objectAt(answer?.body, "incident")]);
    if (found === undefined || keyAt(found, "id") === "") return null;
    const isWanted =
      REAL.has(textAt(found, "mode") ?? "standard") &&
      (textAt(found, "created_at") ?? "") >= oldest(settings);
    return isWanted ? incidentObject(found) : null;
  },
};

export const incidentioKinds: readonly Kind[] = [incidents];
