/** A collector that stands in for a real one: takes OTLP over HTTP on loopback, and keeps what came. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number;
}

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}

interface Payload {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: ReceivedSpan["attributes"] };
    readonly scopeSpans: readonly { readonly spans: readonly ReceivedSpan[] }[];
  }[];
}

export interface OtlpReceiver {
  /** What OTEL_EXPORTER_OTLP_ENDPOINT takes. */
  readonly url: string;
  readonly paths: readonly string[];
  readonly types: readonly string[];
  readonly bodies: readonly string[];
  /** Of bodies in JSON. */
  spans(): readonly ReceivedSpan[];
  resource(): ReceivedSpan["attributes"];
  stop(): Promise<void>;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const paths: string[] = [];
  const types: string[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      paths.push(request.url ?? "");
      types.push(request.headers["content-type"] ?? "");
      bodies.push(Buffer.concat(chunks).toString());
      // Nothing was refused, in either form.
      response.end(request.headers["content-type"] === "application/json" ? "{}" : "");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const payloads = (): Payload[] => bodies.map((body) => JSON.parse(body) as Payload);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ paths, types, bodies },
    spans: () =>
      payloads().flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    resource: () => payloads()[0]?.resourceSpans[0]?.resource.attributes ?? [],
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The text or number of an attribute. */
export function attributeOf({ attributes }: Pick<ReceivedSpan, "attributes">, key: string): string | number {
  const value = attributes.find((one) => one.key === key)?.value;
  return value?.stringValue ?? value?.intValue ?? "";
}
