/** Requests to `/ingest/{webhookKey}`: known, signed, new → stored raw and acknowledged (workflows.md §1.1.5). */
import { createHash } from "node:crypto";
import { compileMapping, type Mapping, Meter } from "../jq/index.ts";
import { AppError } from "../model/error.ts";
import { isObject } from "../model/json.ts";
import type { Db } from "../storage/db.ts";
import { noteRejection } from "../storage/events.ts";
import { findWebhook } from "../storage/webhooks.ts";
import type { EventMapper } from "./event-mapper.ts";
import { type Intake, takeByContent } from "./intake.ts";
import { mapAhead, type MappedAhead } from "./mapped-ahead.ts";
import { signatureFlaw, type SignatureRule } from "./signature.ts";
import { signatureRule } from "./webhook-definition.ts";
import { webhookMapper } from "./webhook-mapper.ts";
import { type Vault, vaultName } from "./webhooks.ts";

export interface IncomingRequest {
  readonly key: string;
  /** As received: what the signature is of. */
  readonly raw: Uint8Array;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

export interface Receipt {
  /** `dropped`: the webhook is switched off. */
  readonly status: "accepted" | "duplicate" | "dropped";
  readonly eventId: string | null;
}

export interface ReceiveDeps {
  readonly db: Db;
  readonly intake: Intake;
  readonly vault: Vault;
  readonly now: () => Date;
  /** JSON text → value. @throws AppError */
  readonly parse: (text: string) => unknown;
  /** Where a worker of this process looks for what is mapped already; null: there is none. */
  readonly ahead: MappedAhead | null;
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });
/** How long a definition is used without looking again: an edit counts after so long at the latest. */
const KNOWN_MS = 1000;
const MAX_KNOWN = 1000;
/** The same body without an id, so soon after, is the same delivery. */
const SAME_WITHIN_MS = 300_000;
const MAX_ID = 200;
const IDENTIFIER_STEPS = 100_000;
const IDENTIFIER_OUTPUT = 100_000;
const IDENTIFIER_DEPTH = 1000;
/** By which known senders number their deliveries; the first that is there counts. */
const DELIVERY_HEADERS = [
  ...["x-github-delivery", "x-gitlab-event-uuid", "webhook-id", "x-request-uuid", "idempotency-key"],
] as const;
/** Never kept: they let whoever reads the log act as the sender. */
const SECRET_HEADERS = new Set(["authorization", "cookie", "proxy-authorization"]);

interface Hook {
  readonly org: string;
  readonly source: string;
  readonly enabled: boolean;
  readonly rule: SignatureRule | null;
  readonly identifier: Mapping | null;
  /** null: its mappings do not compile; the worker tells. */
  readonly mapper: EventMapper | null;
}

interface Known {
  readonly at: number;
  /** All that come at once wait for one answer. */
  readonly hook: Promise<Hook | null>;
}

/** @returns what takes requests. It throws AppError `not_found`, `unauthorized`, `invalid_json`, `rate_limited` */
export function createReceiver(deps: ReceiveDeps): (request: IncomingRequest) => Promise<Receipt> {
  const known = new Map<string, Known>();

  const look = async (key: string): Promise<Hook | null> => {
    const row = /^[\w-]{1,100}$/.test(key) ? await findWebhook(deps.db, key) : null;
    return row === null ? null : hookOf(row, deps.vault);
  };
  const find = (key: string): Promise<Hook | null> => {
    const now = deps.now().getTime();
    const before = known.get(key);
    if (before !== undefined && now - before.at < KNOWN_MS) return before.hook;
    if (known.size >= MAX_KNOWN) known.clear();
    const hook = look(key);
    known.set(key, { at: now, hook });
    hook.catch(() => {
      if (known.get(key)?.hook === hook) known.delete(key);
    });
    return hook;
  };

  return async ({ key, raw, headers, query }) => {
    const hook = await find(key);
    if (hook === null) throw new AppError("not_found", "there is no webhook with this key");
    const receivedAt = deps.now();
    const { org, source } = hook;
    const reason = hook.rule === null ? null : signatureFlaw(hook.rule, raw, headers);
    if (reason !== null) {
      const minute = receivedAt.toISOString().slice(0, 16);
      await noteRejection(deps.db, { org, source, receivedAt, reason, deliveryId: `rejected ${minute}` });
      throw new AppError("unauthorized", reason);
    }
    if (!hook.enabled) return { status: "dropped", eventId: null };
    const text = bodyText(raw, headers);
    const body = deps.parse(text);
    const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name)));
    if (hook.rule?.algorithm === "plain") delete kept[hook.rule.header];
    const request = JSON.stringify({ headers: kept, queryParams: query });
    const id = deliveryIdOf(hook.identifier, { body, headers, queryParams: query }, receivedAt);
    const event = { org, source, receivedAt, request, body: text };
    const chars = text.length;
    const { ahead } = deps;
    const mapped =
      ahead === null || hook.mapper === null
        ? null
        : mapAhead(hook.mapper, { deliveryId: id ?? "", request, body }, chars, receivedAt);
    const taken = (stored: boolean, eventId: string): Receipt => {
      if (stored && mapped !== null && hook.mapper !== null)
        ahead?.keep(`${org}\n${source}`, eventId, hook.mapper, mapped, chars);
      return { status: stored ? "accepted" : "duplicate", eventId };
    };
    if (id !== null) return taken(await deps.intake.take({ ...event, deliveryId: id }), id);
    const hash = createHash("sha256").update(text).update(JSON.stringify(query)).digest("hex");
    const { stored, deliveryId } = await takeByContent(
      deps.db,
      deps.intake,
      { ...event, deliveryId: hash },
      SAME_WITHIN_MS,
    );
    return taken(stored, deliveryId);
  };
}

function hookOf(row: NonNullable<Awaited<ReturnType<typeof findWebhook>>>, vault: Vault): Hook {
  const { org, identifier, source, document } = row;
  const secret = row.secret === null ? null : vault.open(vaultName(identifier), row.secret);
  const security = isObject(document["security"]) ? document["security"] : {};
  const path = security["requestIdentifierPath"];
  return {
    ...{ org, source, enabled: document["enabled"] !== false },
    rule: signatureRule(document, secret),
    identifier: typeof path === "string" && path !== "" ? compileMapping(path) : null,
    mapper: mapperOf(row),
  };
}

function mapperOf(row: Parameters<typeof webhookMapper>[0]): EventMapper | null {
  try {
    return webhookMapper(row);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** Forms carry their JSON in the field `payload`, as GitHub and others can be set to send it. */
function bodyText(raw: Uint8Array, headers: Readonly<Record<string, unknown>>): string {
  let text: string;
  try {
    text = UTF8.decode(raw);
  } catch {
    throw new AppError("invalid_json", "the body is not UTF-8 text");
  }
  const type = headers["content-type"];
  if (typeof type !== "string" || !type.toLowerCase().startsWith("application/x-www-form-urlencoded"))
    return text;
  const payload = new URLSearchParams(text).get("payload");
  if (payload === null) throw new AppError("invalid_json", "the form has no field `payload` with JSON in it");
  return payload;
}

/** What makes a repeated delivery visible; null: nothing but what it says. */
function deliveryIdOf(
  path: Mapping | null,
  root: { body: unknown; headers: Readonly<Record<string, unknown>>; queryParams: unknown },
  at: Date,
): string | null {
  if (path !== null) {
    const meter = new Meter(IDENTIFIER_STEPS, IDENTIFIER_OUTPUT, IDENTIFIER_DEPTH);
    const value = path.evaluate(root, { meter, now: at.getTime() / 1000 });
    if (typeof value === "number" || (typeof value === "string" && value !== "")) return plain(String(value));
  }
  for (const name of DELIVERY_HEADERS) {
    const value = root.headers[name];
    if (typeof value === "string" && value !== "") return plain(value);
  }
  return null;
}

/** Long or odd ids are kept as their digest. */
const plain = (id: string): string =>
  id.length <= MAX_ID && /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(id)
    ? id
    : createHash("sha256").update(id).digest("hex");
