import type { Db } from "./db.ts";
import { prepared } from "./prepared.ts";

/** The document as somebody set it; null when nobody did. */
export async function readSettingsDocument(db: Db, org: string): Promise<unknown> {
  const row = await db
    .selectFrom("dora_settings")
    .select("document")
    .where("org", "=", org)
    .executeTakeFirst();
  return row?.document ?? null;
}

export interface SettingsState {
  /** JSON text; null when nobody set anything. */
  readonly document: string | null;
  /** Identifiers of all, as JSON text. */
  readonly blueprints: string;
}

/** $1 organisation. */
const state = prepared<SettingsState>(
  "dora_settings_state",
  `select (select document::text from dora_settings where org = $1) as document,
    (select coalesce(json_agg(identifier order by identifier), '[]') from blueprint where org = $1)::text as blueprints`,
);

/** What the settings in force follow from, in one statement. */
export async function readSettingsState(db: Db, org: string): Promise<SettingsState> {
  const [row] = await state(db, org);
  return row ?? { document: null, blueprints: "[]" };
}

export async function writeSettingsDocument(
  db: Db,
  org: string,
  document: unknown,
  by: string,
  now: Date,
): Promise<void> {
  const text = JSON.stringify(document);
  await db
    .insertInto("dora_settings")
    .values({ org, document: text, updated_at: now, updated_by: by })
    .onConflict((c) => c.column("org").doUpdateSet({ document: text, updated_at: now, updated_by: by }))
    .execute();
}

export async function blueprintIdentifiers(db: Db, org: string): Promise<string[]> {
  const rows = await db
    .selectFrom("blueprint")
    .select("identifier")
    .where("org", "=", org)
    .orderBy("identifier")
    .execute();
  return rows.map((row) => row.identifier);
}

/** Services whose derived rows were made under other settings than these. */
export async function servicesDerivedOtherwise(db: Db, org: string, settingsHash: string): Promise<string[]> {
  const rows = await db
    .selectFrom("dora_service")
    .select("service")
    .where("org", "=", org)
    .where("settings_hash", "!=", settingsHash)
    .orderBy("service")
    .execute();
  return rows.map((row) => row.service);
}
