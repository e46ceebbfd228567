/** Traces: the standard variables of OpenTelemetry that decide whether and where they are sent. */
import { ConfigError } from "./config-error.ts";
import { oneOf, type Text } from "./read-text.ts";

export interface TracingConfig {
  readonly url: string;
  readonly protocol: (typeof PROTOCOLS)[number];
}

const PROTOCOLS = ["http/protobuf", "http/json"] as const;
const EXPORTERS = ["otlp", "none"] as const;
const SAMPLERS = [
  ...["always_on", "always_off", "traceidratio"],
  ...["parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"],
] as const;
const USUAL_ADDRESS = "http://localhost:4318";

/** null: nothing is traced. What the SDK reads by itself is checked here, because it would only warn. */
export function readTracing(text: Text): TracingConfig | null {
  const disabled = text("OTEL_SDK_DISABLED")?.toLowerCase() ?? "false";
  if (oneOf("OTEL_SDK_DISABLED", disabled, ["true", "false"]) === "true") return null;
  const exporter = text("OTEL_TRACES_EXPORTER");
  if (exporter !== null && oneOf("OTEL_TRACES_EXPORTER", exporter, EXPORTERS) === "none") return null;
  const own = text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
  const shared =
    text("OTEL_EXPORTER_OTLP_ENDPOINT") ?? (own === null && exporter !== null ? USUAL_ADDRESS : null);
  if (own === null && shared === null) return null;
  const url =
    own === null
      ? `${addressOf("OTEL_EXPORTER_OTLP_ENDPOINT", shared ?? "").replace(/\/$/, "")}/v1/traces`
      : addressOf("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", own);
  checkSampler(text);
  return { url, protocol: readProtocol(text) };
}

function addressOf(name: string, value: string): string {
  if (!/^https?:\/\//.test(value) || !URL.canParse(value))
    throw new ConfigError(name, value, "must be an http or https address such as http://localhost:4318");
  return value;
}

function readProtocol(text: Text): TracingConfig["protocol"] {
  const own = text("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL");
  return own === null
    ? oneOf("OTEL_EXPORTER_OTLP_PROTOCOL", text("OTEL_EXPORTER_OTLP_PROTOCOL") ?? "http/protobuf", PROTOCOLS)
    : oneOf("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", own, PROTOCOLS);
}

function checkSampler(text: Text): void {
  const sampler = oneOf("OTEL_TRACES_SAMPLER", text("OTEL_TRACES_SAMPLER") ?? "always_on", SAMPLERS);
  const share = text("OTEL_TRACES_SAMPLER_ARG");
  const isShare = share !== null && /^\d*\.?\d+$/.test(share) && Number(share) <= 1;
  if (sampler.endsWith("traceidratio") && !isShare)
    throw new ConfigError("OTEL_TRACES_SAMPLER_ARG", share ?? "", "must be a number from 0 to 1");
}
