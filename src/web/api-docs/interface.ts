/** An OpenAPI, Swagger or AsyncAPI document as one list of operations. Whatever is malformed is left out. */

export interface Operation {
  readonly id: string;
  /** A tag, or the first part of the path. */
  readonly group: string;
  /** `GET`; of messages `send`, `receive`, `publish`, `subscribe`. */
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  readonly isDeprecated: boolean;
  readonly parameters: readonly Parameter[];
  readonly request: readonly Body[];
  readonly responses: readonly Body[];
}

export interface Parameter {
  readonly name: string;
  readonly where: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

export interface Body {
  /** Media type, or status. */
  readonly name: string;
  readonly description: string;
  readonly schema: unknown;
}

export interface Interface {
  readonly title: string;
  readonly version: string;
  readonly format: string;
  readonly description: string;
  readonly servers: readonly string[];
  readonly operations: readonly Operation[];
  /** Looks up `#/…`; undefined: there is nothing. */
  readonly at: (reference: string) => unknown;
}

type Part = Readonly<Record<string, unknown>>;
const isPart = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const part = (value: unknown): Part => (isPart(value) ? value : {});
const parts = (value: unknown): Part[] => (Array.isArray(value) ? value.filter(isPart) : []);
const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];
const MAX_STEPS = 20;

/** null: it is none of these. */
export function readInterface(document: unknown): Interface | null {
  if (!isPart(document)) return null;
  const version = text(document["openapi"]) || text(document["swagger"]) || text(document["asyncapi"]);
  if (version === "") return null;
  const isAsync = text(document["asyncapi"]) !== "";
  const at = (reference: string): unknown => lookUp(document, reference);
  /** What a `$ref` stands for. */
  const resolved = (value: unknown): Part => {
    let found = part(value);
    for (let step = 0; step < MAX_STEPS && typeof found["$ref"] === "string"; step++)
      found = part(at(found["$ref"]));
    return found;
  };
  const info = part(document["info"]);
  return {
    title: text(info["title"]) || "Interface",
    version: text(info["version"]),
    format: `${isAsync ? "AsyncAPI" : text(document["swagger"]) === "" ? "OpenAPI" : "Swagger"} ${version}`,
    description: text(info["description"]),
    servers: serversOf(document),
    operations: isAsync ? channels(document, resolved) : paths(document, resolved),
    at,
  };
}

function lookUp(document: Part, reference: string): unknown {
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>(
      (found, step) => (isPart(found) && Object.hasOwn(found, step) ? found[step] : undefined),
      document,
    );
}

function serversOf(document: Part): string[] {
  const { servers } = document;
  const listed = Array.isArray(servers) ? parts(servers) : Object.values(part(servers)).map(part);
  const named = listed.map((server) => text(server["url"]) || text(server["host"])).filter(Boolean);
  const host = text(document["host"]);
  return host === "" ? named : [`${host}${text(document["basePath"])}`];
}

type Resolve = (value: unknown) => Part;

function paths(document: Part, resolved: Resolve): Operation[] {
  return Object.entries(part(document["paths"])).flatMap(([path, raw]) => {
    const item = resolved(raw);
    return METHODS.filter((method) => isPart(item[method])).map((method): Operation => {
      const operation = part(item[method]);
      const parameters = [...listOf(item["parameters"]), ...listOf(operation["parameters"])].map(resolved);
      const body = parameters.find((one) => one["in"] === "body");
      const tags = Array.isArray(operation["tags"]) ? operation["tags"] : [];
      return {
        id: `${method} ${path}`,
        group: text(tags[0]) || path.split("/")[1] || "/",
        method: method.toUpperCase(),
        path,
        summary: text(operation["summary"]),
        description: text(operation["description"]),
        isDeprecated: operation["deprecated"] === true,
        parameters: parameters.filter((one) => one !== body && text(one["name"]) !== "").map(parameterOf),
        request: [
          ...bodies(resolved(operation["requestBody"])),
          ...(body === undefined
            ? []
            : [{ name: "body", description: text(body["description"]), schema: body["schema"] }]),
        ],
        responses: Object.entries(part(operation["responses"])).map(([status, answer]) => {
          const found = resolved(answer);
          const [first] = bodies(found);
          return {
            name: status,
            description: text(found["description"]),
            schema: first?.schema ?? found["schema"],
          };
        }),
      };
    });
  });
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function parameterOf(parameter: Part): Parameter {
  const schema = part(parameter["schema"]);
  return {
    name: text(parameter["name"]),
    where: text(parameter["in"]),
    type: typeOf(Object.keys(schema).length > 0 ? schema : parameter),
    isRequired: parameter["required"] === true,
    description: text(parameter["description"]),
  };
}

function bodies(holder: Part): Body[] {
  return Object.entries(part(holder["content"])).map(([name, media]) => ({
    name,
    description: text(holder["description"]),
    schema: part(media)["schema"],
  }));
}

/** AsyncAPI 2 says per channel who publishes and subscribes; AsyncAPI 3 has operations that name their channel. */
function channels(document: Part, resolved: Resolve): Operation[] {
  const messageOf = (holder: Part): Body[] => {
    const messages = holder["messages"] ?? holder["message"];
    const listed = Array.isArray(messages)
      ? messages
      : isPart(messages) && !("payload" in messages) && !("$ref" in messages)
        ? listOf(messages["oneOf"]).length > 0
          ? listOf(messages["oneOf"])
          : Object.values(messages)
        : [messages];
    return listed
      .map(resolved)
      .filter((message) => Object.keys(message).length > 0)
      .map((message) => ({
        name: text(message["title"]) || text(message["name"]) || "message",
        description: text(message["summary"]) || text(message["description"]),
        schema: message["payload"],
      }));
  };
  const of = (method: string, path: string, operation: Part, holder: Part): Operation => ({
    id: `${method} ${path} ${text(operation["operationId"])}`,
    group: text(part(listOf(operation["tags"])[0])["name"]) || "Channels",
    method,
    path,
    summary: text(operation["summary"]),
    description: text(operation["description"]) || text(holder["description"]),
    isDeprecated: false,
    parameters: [],
    request: messageOf(operation).length > 0 ? messageOf(operation) : messageOf(holder),
    responses: [],
  });
  const listed = Object.entries(part(document["operations"])).map(([id, raw]) => {
    const operation = resolved(raw);
    const channel = resolved(operation["channel"]);
    const named = { ...operation, operationId: id };
    return of(text(operation["action"]) || "send", text(channel["address"]) || id, named, channel);
  });
  const perChannel = Object.entries(part(document["channels"])).flatMap(([name, raw]) => {
    const channel = resolved(raw);
    return ["publish", "subscribe"]
      .filter((method) => isPart(channel[method]))
      .map((method) => of(method, name, part(channel[method]), channel));
  });
  return [...listed, ...perChannel];
}

/** `string · date-time`, `array of integer`, `Pet`. */
export function typeOf(schema: unknown): string {
  const { $ref, type, format, items, enum: options } = part(schema);
  if (typeof $ref === "string") return $ref.split("/").at(-1) ?? $ref;
  const name = Array.isArray(type) ? type.map(text).join(" or ") : text(type);
  const of = name === "array" && items !== undefined ? ` of ${typeOf(items)}` : "";
  const one = Array.isArray(options)
    ? ` (${options.map((option) => JSON.stringify(option)).join(", ")})`
    : "";
  return `${name || (part(schema)["properties"] ? "object" : "any")}${of}${text(format) ? ` · ${text(format)}` : ""}${one}`;
}
