/** Messages to Kafka, through kafkajs (ADR 30): at least once, acknowledged by all replicas that are in sync. */
import kafkajs from "kafkajs";
import type { Broker } from "./run-means.ts";

interface Settings {
  readonly brokers: readonly string[];
  readonly isEncrypted: boolean;
  readonly sasl: {
    readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
    readonly username: string;
    readonly password: string;
  } | null;
}

/** A message that waits for longer is tried again by the queue, which waits without holding anything. */
const TIMEOUT_MS = 10_000;
const CONNECT_MS = 5000;
const RETRIES = 1;
/** All replicas in sync have it. */
const ALL = -1;

/** Connects with the first message, and again when the connection was lost. */
export function openKafka({ brokers, isEncrypted, sasl }: Settings): Broker {
  const kafka = new kafkajs.Kafka({
    ...{ clientId: "fairway", brokers: [...brokers], ssl: isEncrypted },
    ...{ connectionTimeout: CONNECT_MS, requestTimeout: TIMEOUT_MS, retry: { retries: RETRIES } },
    ...(sasl === null ? {} : { sasl: { ...sasl } as kafkajs.SASLOptions }),
    // What fails stands in the log of the run.
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const producer = kafka.producer({
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    retry: { retries: RETRIES },
  });
  let connecting: Promise<void> | null = null;
  return {
    async publish(topic, { key, value, headers }) {
      connecting ??= producer.connect();
      try {
        await connecting;
        await producer.send({
          ...{ topic, acks: ALL, timeout: TIMEOUT_MS },
          messages: [{ key, value, headers: { ...headers } }],
        });
      } catch (error) {
        connecting = null;
        throw error;
      }
    },
    close: () => producer.disconnect(),
  };
}
