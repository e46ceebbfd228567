/** Sends spans to a collector by OTLP over HTTP. The SDK is loaded only here, and only when somebody asks for traces. */
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { useTracer } from "./span.ts";

export interface TracingSettings {
  /** Where spans are sent, with its path. */
  readonly url: string;
  readonly protocol: "http/protobuf" | "http/json";
}

export interface TracingDeps {
  readonly version: string;
  readonly role: string;
  /** Told of spans that could not be sent, once a minute at most. */
  readonly onError: (message: string) => void;
}

/** A collector that is away would be told of every five seconds. */
const SILENT_MS = 60_000;
const MAX_MESSAGE = 500;

/** @returns what sends the spans that wait, and ends it */
export async function startTracing(
  { url, protocol }: TracingSettings,
  { version, role, onError }: TracingDeps,
): Promise<() => Promise<void>> {
  const { BasicTracerProvider, BatchSpanProcessor } = await import("@opentelemetry/sdk-trace-base");
  const { defaultResource, detectResources, envDetector, hostDetector, resourceFromAttributes } =
    await import("@opentelemetry/resources");
  const { OTLPTraceExporter } =
    protocol === "http/json"
      ? await import("@opentelemetry/exporter-trace-otlp-http")
      : await import("@opentelemetry/exporter-trace-otlp-proto");
  let toldAt = -Infinity;
  const tell = (...about: unknown[]): void => {
    if (performance.now() - toldAt < SILENT_MS) return;
    toldAt = performance.now();
    onError(about.map(String).join(": ").slice(0, MAX_MESSAGE));
  };
  const quiet = (): void => undefined;
  const logger = { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, so that they count.
  const own = { "service.name": "fairway", "service.version": version, "fairway.role": role };
  const resource = defaultResource()
    .merge(resourceFromAttributes(own))
    .merge(detectResources({ detectors: [hostDetector, envDetector] }));
  const exporter = new OTLPTraceExporter({ url });
  // Samplers, limits, batches, headers and certificates are OTEL_* variables, which the SDK reads by itself.
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  useTracer(provider.getTracer("fairway", version));
  return async () => {
    useTracer(null);
    await provider.shutdown().catch((error: unknown) => tell((error as Error).message));
    diag.disable();
  };
}
