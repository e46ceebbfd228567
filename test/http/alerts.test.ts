/**
 * Alerts and automations over the API: a service's failure rate crosses its threshold by webhook events, and its team's channel gets one
 * message with evidence, not two, and one more after recovery and relapse.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Receiver, startReceiver } from "../automation/receiver.ts";
import { startTestApp, type TestApp } from "../support/app.ts";

let app: TestApp;
let receiver: Receiver;
beforeAll(async () => {
  [app, receiver] = await Promise.all([startTestApp(), startReceiver()]);
});
afterAll(async () => {
  await app.stop();
  await receiver.close();
});

async function done(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await app.send(method, path, body);
  if (answer.status > 299)
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const messages = (): string[] =>
  receiver.at("/team").map(({ text }) => (JSON.parse(text) as { text: string }).text);

/** Until the alert has seen the failure rate, and has told what there was to tell. */
async function seen(rate: number, status: string, told: number): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { subjects } = (await done("GET", "/v1/alerts/cfr/status")) as {
      subjects: { subject: string; status: string; value: number | null }[];
    };
    const shop = subjects.find(({ subject }) => subject === "service:shop");
    const { runs } = (await done("GET", "/v1/actions/runs?action=alert:cfr:team-channel&version=v2")) as {
      runs: { status: string }[];
    };
    const isTold = runs.length >= told && runs.every((run) => run.status === "SUCCESS");
    if (shop?.status === status && Math.abs((shop.value ?? -1) - rate) < 0.001 && isTold) return;
    await sleep(50);
  }
  throw new Error(`the alert never saw ${rate}`);
}

test("a failure rate crosses its threshold by webhook events: one message, not two; again after recovery and relapse", async () => {
  await done("PATCH", "/v1/blueprints/_team", {
    schema: { properties: { channel: { type: "string", format: "url" } } },
  });
  await done("POST", "/v1/blueprints/_team/entities", {
    ...{ identifier: "red", title: "Red", properties: { channel: `${receiver.url}/team` } },
  });
  await done("POST", "/v1/blueprints", {
    ...{ identifier: "service", title: "Service", ownership: { type: "Direct" }, schema: { properties: {} } },
  });
  const text = { type: "string" };
  await done("POST", "/v1/blueprints", {
    ...{ identifier: "deployment", title: "Deployment" },
    schema: {
      properties: {
        createdAt: { type: "string", format: "date-time" },
        ...{ environment: text, deploymentStatus: text },
      },
    },
    relations: { service: { target: "service", many: false, required: false } },
  });
  await done("POST", "/v1/blueprints/service/entities", { identifier: "shop", title: "Shop", team: ["red"] });
  const { integration } = (await done("POST", "/v1/webhooks", {
    ...{ identifier: "cd", title: "CD", enabled: true },
    mappings: [
      {
        blueprint: "deployment",
        entity: {
          identifier: ".body.id",
          properties: {
            ...{ createdAt: ".body.at", environment: '"Production"', deploymentStatus: ".body.status" },
          },
          relations: { service: '"shop"' },
        },
      },
    ],
  })) as { integration: { webhookKey: string } };
  await done("POST", "/v1/alerts", {
    ...{ identifier: "cfr", title: "Failure rate" },
    source: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
    rule: { type: "threshold", is: "above", value: 0.25, clear: 0.2 },
    recipients: { teamChannel: "channel" },
  });
  let n = 0;
  const deploy = async (status: string, times = 1): Promise<void> => {
    for (let i = 0; i < times; i++) {
      const at = new Date(Date.now() - 3_600_000 + n * 1000).toISOString();
      await done("POST", `/ingest/${integration.webhookKey}`, { id: `d${n++}`, status, at });
    }
  };
  await deploy("Success", 3);
  await seen(0, "ok", 0);
  expect(messages()).toEqual([]);
  await deploy("Failure", 2);
  await seen(0.4, "firing", 1);
  const [first, ...more] = messages();
  expect(more).toEqual([]);
  expect(first).toMatch(/^Failure rate: Shop\nChange failure rate of Shop is 40 %.* \(2 of 5 deployments\)/);
  expect(first).toContain(`Evidence: ${app.url}/dora?scope=service%3Ashop&from=`);
  expect(first).toMatch(/&ev=changeFailureRate$/);
  await deploy("Failure", 1);
  await seen(0.5, "firing", 1);
  await deploy("Success", 5);
  // 3 of 11 are less than fires, and more than clears.
  await seen(3 / 11, "firing", 1);
  expect(messages()).toHaveLength(1);
  await deploy("Success", 4);
  await seen(0.2, "ok", 1);
  expect(messages()).toHaveLength(1);
  await deploy("Failure", 2);
  await seen(5 / 17, "firing", 2);
  expect(messages()).toHaveLength(2);
});

test("a trial asks for the numbers as they were, day by day", async () => {
  const tried = await done("POST", "/v1/alerts/preview", {
    source: { type: "metric", metric: "changeFailureRate", window: "30d", per: "service" },
    rule: { type: "threshold", is: "above", value: 0.25, clear: 0.2 },
    recipients: { teamChannel: "channel" },
  });
  expect(tried).toMatchObject({
    now: { subjects: 1, fires: 1, rows: [{ subject: "service:shop", observations: "5 of 17 deployments" }] },
    nobody: { subjects: 0 },
    // A day ago there was nothing.
    past: { fired: 1, firedAtStart: 0, resolved: 0 },
  });
  const bad = await app.send("POST", "/v1/alerts/preview", { source: { type: "silence" } });
  expect([bad.status, bad.body["message"]]).toEqual([422, "alert.source.blueprint is missing"]);
});

test("its automation is listed, can be tried on its event, and goes with the alert", async () => {
  const { action } = (await done("GET", "/v1/actions/alert:cfr:team-channel")) as {
    action: { trigger: object };
  };
  expect(action.trigger).toEqual({
    type: "automation",
    event: { type: "ALERT_TEAM", alertIdentifier: "cfr" },
  });
  const { audits } = (await done("GET", "/v1/audit-log?resources=alert&limit=1")) as {
    audits: { identifier: string }[];
  };
  const eventId = audits[0]?.identifier ?? "";
  const tested = await done("POST", "/v1/actions/alert:cfr:team-channel/test", { eventId });
  expect(tested).toMatchObject({ condition: { isMet: true }, event: { resourceType: "alert" } });
  expect((await app.send("POST", "/v1/actions/alert:cfr:team-channel/test", {})).status).toBe(422);
  await done("DELETE", "/v1/alerts/cfr");
  expect((await app.send("GET", "/v1/actions/alert:cfr:team-channel")).status).toBe(404);
  expect((await app.send("GET", "/v1/alerts/cfr")).status).toBe(404);
});

test("templates are listed and made over the API; bad ones are refused by name", async () => {
  const { templates } = (await done("GET", "/v1/templates/automations")) as {
    templates: { identifier: string }[];
  };
  expect(templates.map(({ identifier }) => identifier)).toContain("nudge-reviewers");
  const url = "{{ .secrets.SLACK }}";
  const made = await done("POST", "/v1/templates/automations/failed-deployment-message", {
    parameters: { url },
  });
  expect(made).toMatchObject({
    automations: [{ identifier: "deployment-failed-message", action: "created" }],
  });
  const bad = await app.send("POST", "/v1/templates/automations/failed-deployment-message", {
    parameters: {},
  });
  expect([bad.status, bad.body["message"]]).toEqual([422, "parameters.url is missing"]);
  const alert = await app.send("POST", "/v1/alerts", { identifier: "x", source: { type: "silence" } });
  expect([alert.status, alert.body["message"]]).toEqual([422, "alert.source.blueprint is missing"]);
});
