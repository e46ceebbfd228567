/** The broker that messages are written to, if there is one. */
import { ConfigError } from "./config-error.ts";
import type { Text } from "./read-text.ts";

export const KAFKA_MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"] as const;

export interface KafkaSettings {
  /** `host:port` */
  readonly brokers: readonly string[];
  readonly isEncrypted: boolean;
  /** null: nobody is asked who we are. */
  readonly sasl: {
    readonly mechanism: (typeof KAFKA_MECHANISMS)[number];
    readonly username: string;
    readonly password: string;
  } | null;
}

const BROKER = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]{1,253}):\d{1,5}$/i;

/** null: no broker is set. @throws ConfigError */
export function readKafka(text: Text): KafkaSettings | null {
  const brokers = text("FAIRWAY_KAFKA_BROKERS");
  const others = ["TLS", "SASL", "USERNAME", "PASSWORD"].map((name) => `FAIRWAY_KAFKA_${name}`);
  if (brokers === null) {
    const given = others.find((name) => text(name) !== null);
    if (given !== undefined) throw new ConfigError(given, "", "needs FAIRWAY_KAFKA_BROKERS as well");
    return null;
  }
  const list = brokers.split(",").map((one) => one.trim());
  const wrong = list.find((one) => !BROKER.test(one));
  if (wrong !== undefined)
    throw new ConfigError("FAIRWAY_KAFKA_BROKERS", wrong, "must list host:port, separated by commas");
  const tls = text("FAIRWAY_KAFKA_TLS") ?? "true";
  if (tls !== "true" && tls !== "false")
    throw new ConfigError("FAIRWAY_KAFKA_TLS", tls, "must be true or false");
  return { brokers: list, isEncrypted: tls === "true", sasl: readSasl(text) };
}

function readSasl(text: Text): KafkaSettings["sasl"] {
  const name = text("FAIRWAY_KAFKA_SASL");
  const [username, password] = [text("FAIRWAY_KAFKA_USERNAME"), text("FAIRWAY_KAFKA_PASSWORD")];
  if (name === null && username === null && password === null) return null;
  const mechanism = KAFKA_MECHANISMS.find((one) => one === (name ?? "plain"));
  if (mechanism === undefined)
    throw new ConfigError("FAIRWAY_KAFKA_SASL", name ?? "", `must be one of ${KAFKA_MECHANISMS.join(", ")}`);
  if (username === null)
    throw new ConfigError("FAIRWAY_KAFKA_USERNAME", "", "is missing: the broker is to be told who we are");
  if (password === null)
    throw new ConfigError("FAIRWAY_KAFKA_PASSWORD", "", "is missing: the broker is to be told who we are");
  return { mechanism, username, password };
}
