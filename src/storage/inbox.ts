/** Raw deliveries, stored under an id that makes a repeated delivery visible. */
import { sql } from "kysely";
import type { Db } from "./db.ts";

export interface Delivery {
  readonly source: string;
  readonly deliveryId: string;
  /** JSON text as received. */
  readonly payload: string;
}

/** Stores the delivery; false when one with this id was stored before (nothing is written then). */
export async function storeDelivery(db: Db, org: string, delivery: Delivery, now: Date): Promise<boolean> {
  const result = await sql`
    insert into inbox (org, source, delivery_id, received_at, payload, status)
    values (${org}, ${delivery.source}, ${delivery.deliveryId}, ${now}, ${delivery.payload}::jsonb, 'received')
    on conflict do nothing returning delivery_id`.execute(db);
  return result.rows.length > 0;
}

/** Reads the payload for processing; undefined when it is gone or done already. */
export async function openDelivery(
  db: Db,
  org: string,
  source: string,
  deliveryId: string,
): Promise<unknown> {
  const row = await db
    .selectFrom("inbox")
    .select(["payload", "status"])
    .where("org", "=", org)
    .where("source", "=", source)
    .where("delivery_id", "=", deliveryId)
    .forUpdate()
    .executeTakeFirst();
  return row?.status === "received" ? row.payload : undefined;
}

/** Records what became of the delivery. `keepPayload` = false drops the raw text where the mapping lost nothing. */
export async function closeDelivery(
  db: Db,
  org: string,
  source: string,
  deliveryId: string,
  result: { status: "processed" | "failed"; outcome: object; keepPayload: boolean; now: Date },
): Promise<void> {
  await sql`
    update inbox set status = ${result.status}, outcome = ${JSON.stringify(result.outcome)}::jsonb,
      processed_at = ${result.now}, payload = case when ${result.keepPayload}::boolean then payload end
    where org = ${org} and source = ${source} and delivery_id = ${deliveryId}`.execute(db);
}
