import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { createClient } from "../../../src/cli/client.ts";
import type { ApiClient, ClientOptions } from "../../../src/cli/client.ts";

interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
  readonly bytes: number;
}

export interface StoredEntity {
  readonly identifier: string;
  readonly title: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly relations: Readonly<Record<string, unknown>>;
}

export interface StoredCommit {
  readonly repository: string;
  readonly sha: string;
  readonly parents: readonly string[];
  readonly authoredAt: string;
  readonly committedAt: string;
  readonly author: string;
  readonly patchId?: string;
  readonly message: string;
  readonly paths?: readonly string[];
}

export interface StoredRun {
  readonly id: string;
  readonly repository: string;
  readonly options: unknown;
  readonly totals: unknown;
  status: string;
  heads: readonly string[] | null;
  sent: unknown;
  error: string | null;
  updatedAt: string;
  readonly source: string;
  readonly services: readonly string[];
}

type Answer = { readonly status: number; readonly body: unknown } | "reset";

/** What the importer talks to, kept in memory: the API's contract without its work. Records every request. */
export interface ApiDouble {
  readonly url: string;
  readonly requests: RecordedRequest[];
  readonly commits: Map<string, StoredCommit>;
  readonly blueprints: Map<string, Record<string, unknown>>;
  readonly runs: StoredRun[];
  entities(blueprint: string): Map<string, StoredEntity>;
  /** Decides an answer before the double does; undefined leaves it to the double. */
  intercept: ((request: RecordedRequest) => Answer | undefined) | null;
  client(options?: ClientOptions): ApiClient;
  /** Requests of the form `POST /v1/dora/commits`. */
  sent(method: string, path: string): RecordedRequest[];
  token: string;
}

const CREDENTIALS = { clientId: "cli", clientSecret: "secret" };

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const ok = (body: Record<string, unknown>, status = 200): Answer => ({ status, body: { ok: true, ...body } });
const fail = (status: number, error: string, message: string): Answer => ({
  status,
  body: { ok: false, error, message },
});

export async function startApiDouble(): Promise<ApiDouble> {
  const entities = new Map<string, Map<string, StoredEntity>>();
  const deliveries = new Set<string>();

  function ofBlueprint(blueprint: string): Map<string, StoredEntity> {
    const known = entities.get(blueprint) ?? new Map<string, StoredEntity>();
    entities.set(blueprint, known);
    return known;
  }
  function upsert(blueprint: string, entity: StoredEntity): boolean {
    const before = ofBlueprint(blueprint).get(entity.identifier);
    ofBlueprint(blueprint).set(entity.identifier, {
      ...entity,
      properties: { ...before?.properties, ...entity.properties },
      relations: { ...before?.relations, ...entity.relations },
    });
    return before === undefined;
  }
  function merge(identifier: string, patch: Record<string, unknown>): Answer {
    const blueprint = double.blueprints.get(identifier) as {
      schema: { properties: Record<string, unknown> };
      relations: Record<string, unknown>;
    };
    const schema = patch["schema"] as { properties?: Record<string, unknown> } | undefined;
    Object.assign(blueprint.schema.properties, schema?.properties ?? {});
    Object.assign(blueprint.relations, patch["relations"] ?? {});
    return ok({ blueprint });
  }
  function blueprintRoute(request: RecordedRequest, parts: readonly string[]): Answer {
    const [identifier = "", kind, name] = parts;
    if (identifier === "") {
      const created = request.body["identifier"] as string;
      if (double.blueprints.has(created)) return fail(409, "exists", "exists");
      double.blueprints.set(created, { relations: {}, ...request.body });
      return ok({ blueprint: double.blueprints.get(created) }, 201);
    }
    const blueprint = double.blueprints.get(identifier);
    if (blueprint === undefined) return fail(404, "not_found", `blueprint ${identifier} was not found`);
    if (kind === undefined)
      return request.method === "PATCH" ? merge(identifier, request.body) : ok({ blueprint });
    if (request.method === "GET") {
      const entity = ofBlueprint(identifier).get(decodeURIComponent(name ?? ""));
      return entity === undefined ? fail(404, "not_found", "entity was not found") : ok({ entity });
    }
    if (name !== "bulk")
      return ok({ created: upsert(identifier, request.body as unknown as StoredEntity) }, 201);
    const rows = request.body["entities"] as StoredEntity[];
    if (rows.length > 500) return fail(422, "invalid_request", "more than 500 entities");
    return ok({
      entities: rows.map((row, index) => ({
        created: upsert(identifier, row),
        identifier: row.identifier,
        index,
      })),
      errors: [],
    });
  }
  function commitsRoute(request: RecordedRequest): Answer {
    const rows = request.body["commits"] as StoredCommit[];
    const deliveryId = createHash("sha256").update(JSON.stringify(rows)).digest("hex");
    const status = deliveries.has(deliveryId) ? "duplicate" : "accepted";
    deliveries.add(deliveryId);
    for (const row of rows) double.commits.set(row.sha, row);
    return ok({ deliveryId, status, received: rows.length }, 202);
  }
  function importsRoute(request: RecordedRequest, id: string | undefined): Answer {
    if (request.method === "POST") {
      const run = {
        id: `imp_${double.runs.length + 1}`,
        sent: {},
        status: "running",
        heads: null,
        error: null,
        updatedAt: new Date().toISOString(),
        ...request.body,
      } as StoredRun;
      double.runs.unshift(run);
      return ok({ import: run }, 201);
    }
    if (request.method === "PATCH") {
      const run = double.runs.find((candidate) => candidate.id === id);
      if (run === undefined) return fail(404, "not_found", "import was not found");
      Object.assign(run, request.body);
      return ok({ import: run });
    }
    const { query } = request;
    const imports = double.runs.filter(
      (run) => run.repository === query.get("repository") && run.status === query.get("status"),
    );
    return ok({ imports });
  }
  function route(request: RecordedRequest): Answer {
    const parts = request.path.split("/").slice(2);
    if (parts[0] === "blueprints") return blueprintRoute(request, parts.slice(1));
    if (request.path === "/v1/dora/commits") return commitsRoute(request);
    if (parts[1] === "imports") return importsRoute(request, parts[2]);
    if (request.path === "/v1/dora/status") return ok({ settled: true, pending: {}, counts: {} });
    if (request.path === "/v1/dora/metrics") return ok({ window: {}, metrics: {}, series: {} });
    return fail(404, "not_found", `${request.path} was not found`);
  }
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://double");
    const raw = await readBody(request);
    const record: RecordedRequest = {
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      body: raw.length === 0 ? {} : (JSON.parse(raw.toString("utf8")) as Record<string, unknown>),
      bytes: raw.length,
    };
    double.requests.push(record);
    let answer: Answer;
    const intercepted = double.intercept?.(record);
    if (intercepted !== undefined) answer = intercepted;
    else if (record.path === "/v1/auth/access_token") {
      const valid = record.body["clientSecret"] === CREDENTIALS.clientSecret;
      answer = valid
        ? ok({ accessToken: double.token, expiresIn: 10_800, tokenType: "Bearer" })
        : fail(401, "unauthorized", "wrong credentials");
    } else if (request.headers.authorization !== `Bearer ${double.token}`)
      answer = fail(401, "unauthorized", "wrong token");
    else answer = route(record);
    if (answer === "reset") {
      request.socket.destroy();
      return;
    }
    response
      .writeHead(answer.status, { "content-type": "application/json" })
      .end(JSON.stringify(answer.body));
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const double: ApiDouble = {
    url,
    requests: [],
    commits: new Map(),
    blueprints: new Map(),
    runs: [],
    entities: ofBlueprint,
    intercept: null,
    client: (options) => createClient({ url, ...CREDENTIALS }, options),
    sent: (method, path) => double.requests.filter((one) => one.method === method && one.path === path),
    token: "token-1",
  };
  return double;
}
