/**
 * Alerts on the first failed deployment of a service: one on an aggregation of the service, one on its change failure rate as
 * DORA's numbers have it. Probes are such deployments, each of a service of its own, and are timed until a receiver on
 * loopback has the message.
 */
import { startReceiver } from "../../test/automation/receiver.ts";
import type { Portal } from "../../test/flows/support/portal.ts";

/** Of `service`, over `deployment`. */
const AGGREGATIONS = {
  aggregationProperties: {
    failures: {
      ...{ title: "Failed deployments", type: "number", target: "deployment" },
      calculationSpec: { calculationBy: "entities", func: "count" },
      query: {
        combinator: "and",
        rules: [{ property: "deploymentStatus", operator: "=", value: "Failed" }],
      },
    },
  },
};
const HOOK = {
  ...{ identifier: "cd", title: "CD", enabled: true },
  mappings: [
    {
      blueprint: "deployment",
      entity: {
        identifier: ".body.id",
        properties: {
          createdAt: ".body.at",
          environment: '"Production"',
          deploymentStatus: ".body.status",
        },
        relations: { service: ".body.service" },
      },
    },
  ],
};
const ALERTS = {
  aggregation: { type: "property", blueprint: "service", property: "failures" },
  metric: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
};

export type AlertKind = keyof typeof ALERTS;
export const ALERT_KINDS = Object.keys(ALERTS) as readonly AlertKind[];

/** Body of an event of the webhook. */
export const deploymentEvent = (id: string, service: string, status: "Success" | "Failed"): string =>
  JSON.stringify({ id, service, status, at: new Date().toISOString() });

export interface AlertProbes {
  /** Of the webhook that takes `deploymentEvent`. */
  readonly webhookKey: string;
  /** The next one. @param post to the webhook */
  send(post: (body: string) => Promise<unknown>): Promise<void>;
  /** From the event to the message, ms, of the probes that arrived. */
  times(kind: AlertKind): number[];
  /** How many messages of it came. */
  messages(kind: AlertKind): number;
  readonly sent: () => number;
  close(): Promise<void>;
}

/** Needs the blueprints `service` and `deployment`. @param count how many probes there will be at most */
export async function prepareAlertProbes(portal: Portal, count: number): Promise<AlertProbes> {
  const receiver = await startReceiver();
  await portal.send("PATCH", "/v1/blueprints/service", AGGREGATIONS);
  for (let n = 0; n < count; n += 20)
    await portal.send("POST", "/v1/blueprints/service/entities/bulk", {
      entities: Array.from({ length: Math.min(20, count - n) }, (_, i) => ({ identifier: `probe-${n + i}` })),
    });
  const created = await portal.send("POST", "/v1/webhooks", HOOK);
  const { webhookKey } = (created as { integration: { webhookKey: string } }).integration;
  for (const [identifier, source] of Object.entries(ALERTS))
    await portal.send("POST", "/v1/alerts", {
      ...{ identifier, title: identifier, source, rule: { type: "threshold", is: "above", value: 0 } },
      recipients: { webhook: `${receiver.url}/${identifier}` },
    });
  const sent = new Map<string, number>();
  /** When the receiver had it: looked at often, for it keeps no times of its own. */
  const arrived = new Map<string, number>();
  let seen = 0;
  const look = setInterval(() => {
    for (const { path, text } of receiver.received.slice(seen)) {
      const { subject } = JSON.parse(text) as { subject: { entity: string } };
      const key = `${path} ${subject.entity}`;
      if (!arrived.has(key)) arrived.set(key, performance.now());
    }
    seen = receiver.received.length;
  }, 2);
  return {
    webhookKey,
    send: async (post) => {
      const service = `probe-${sent.size}`;
      sent.set(service, performance.now());
      await post(deploymentEvent(`p-${service}`, service, "Failed"));
    },
    times: (kind) =>
      [...sent].flatMap(([service, at]) => {
        const came = arrived.get(`/${kind} ${service}`);
        return came === undefined ? [] : [came - at];
      }),
    messages: (kind) => receiver.at(`/${kind}`).length,
    sent: () => sent.size,
    close: async () => {
      clearInterval(look);
      await receiver.close();
    },
  };
}
