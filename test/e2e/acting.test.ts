/**
 * Acting on the numbers, in a real browser with a real receiver on loopback (issue 9, done-when 2): an alert on a
 * service's failure rate, reviewers who are nudged, an action that somebody outside carries out. The environment for
 * five days is in actions.test.ts.
 */
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startReceiver, type Receiver } from "../automation/receiver.ts";
import { evidenceDrawer, metricsOf } from "./support/dora-page.ts";
import { usePortal } from "./support/portal.ts";
import { SOON } from "../support/patience.ts";

const HOUR = 3_600_000;
/** What has to be worked out first: derivations, rounds of alerts. */

const portal = usePortal(
  async (server) => {
    await server.post("/v1/templates/dora", {});
    await server.send("PATCH", "/v1/blueprints/service", { ownership: { type: "Direct" } });
    await server.send("PATCH", "/v1/blueprints/_team", {
      schema: { properties: { channel: { type: "string", format: "url", title: "Channel" } } },
    });
    await server.post("/v1/blueprints", {
      ...{ identifier: "pull_request", title: "Pull request" },
      schema: {
        properties: {
          status: { type: "string", title: "Status" },
          link: { type: "string", format: "url", title: "Link" },
          createdAt: { type: "string", format: "date-time", title: "Opened" },
          firstReviewAt: { type: "string", format: "date-time", title: "First review" },
        },
      },
    });
  },
  { movableClock: true },
);
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  await portal.server.post("/v1/teams", { name: "payments" });
  await portal.server.send("PATCH", "/v1/blueprints/_team/entities/payments", {
    properties: { channel: `${receiver.url}/channel-of-payments` },
  });
  await portal.server.post("/v1/blueprints/service/entities", {
    ...{ identifier: "checkout", title: "Checkout", team: ["payments"] },
  });
});
afterAll(() => receiver?.close());

const textOf = ({ text }: { readonly text: string }): string => (JSON.parse(text) as { text: string }).text;
const messages = (path: string): string[] => receiver.at(path).map(textOf);

/** Of a service's own pipeline, which reports by webhook. */
let ingest = "";
let sent = 0;
async function deploy(statuses: readonly ("Success" | "Failed")[]): Promise<void> {
  const deployments = statuses.map((status) => {
    sent += 1;
    const at = new Date(Date.now() - (200 - sent) * HOUR).toISOString();
    return { id: `checkout-${sent}`, at, status, service: "checkout" };
  });
  const { status } = await fetch(ingest, {
    ...{ method: "POST", headers: { "content-type": "application/json" } },
    body: JSON.stringify({ deployments }),
  });
  expect(status).toBe(202);
}
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const failureRate = async (): Promise<number | null> => {
  const question = { blueprint: "service", entity: "checkout", last: "30d" };
  return (await metricsOf(portal.server, question)).metrics["changeFailureRate"]?.value ?? null;
};
/** What the alert has last seen. */
const seen = async (): Promise<unknown> => {
  interface Status {
    readonly subjects: readonly { readonly status: string; readonly value: number | null }[];
  }
  const { subjects } = await portal.server.get<Status>("/v1/alerts/checkout_fails/status");
  const [subject] = subjects;
  return subject === undefined ? null : [subject.status, Math.round((subject.value ?? 0) * 1000) / 10];
};

test("a service's failure rate crosses its threshold by webhook: its team's channel gets one message with the evidence, not two, and one more after recovery and relapse", async () => {
  const { page, dialog, server } = portal;
  const { integration } = await server.post<{ integration: { url: string } }>("/v1/webhooks", {
    ...{ title: "Pipeline of checkout", enabled: true },
    mappings: [
      {
        ...{ blueprint: "deployment", itemsToParse: ".body.deployments" },
        entity: {
          ...{ identifier: ".item.id", title: ".item.id" },
          properties: {
            ...{ createdAt: ".item.at", deploymentStatus: ".item.status", environment: '"Production"' },
          },
          relations: { service: ".item.service" },
        },
      },
    ],
  });
  ingest = new URL(new URL(integration.url).pathname, server.url).href;
  await deploy(times(10, "Success"));
  await expect.poll(failureRate, SOON).toBe(0);

  await portal.open("/automations?tab=alerts");
  await page.getByRole("button", { name: "New alert", exact: true }).click();
  await dialog.getByLabel("Title", { exact: true }).fill("Checkout fails");
  await dialog.getByLabel("Limit", { exact: true }).fill("15");
  await dialog.getByLabel("Over again at (the limit unless given)").fill("10");
  await dialog.getByRole("switch", { name: "Members of the teams that own it" }).uncheck();
  await dialog.getByLabel("Property of the team with its own channel").click();
  await page.getByRole("option", { name: "Channel (channel)" }).click();
  // Nothing has fired, and nobody is told of what is only tried.
  await dialog.getByRole("button", { name: "Try it" }).click();
  await dialog.getByText("0 of 1 would fire now.").waitFor();
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "Checkout fails" }).waitFor();

  const told = (): string[] => messages("/channel-of-payments");
  await deploy(times(2, "Failed"));
  await expect.poll(told, SOON).toHaveLength(1);
  await deploy(["Failed"]);
  await expect.poll(seen, SOON).toEqual(["firing", 23.1]);
  expect(told()).toEqual([
    expect.stringMatching(/^Checkout fails: Checkout\nChange failure rate of Checkout is 16\.67 %/),
  ]);

  // What the team reads leads to what is behind the number.
  const [evidence = ""] = /http\S+ev=changeFailureRate\S*/.exec(told()[0] ?? "") ?? [];
  await page.goto(evidence);
  const drawer = await evidenceDrawer(page);
  await drawer.getByRole("link", { name: "checkout-12" }).waitFor();
  await page.keyboard.press("Escape");

  await deploy(times(20, "Success"));
  await expect.poll(seen, SOON).toEqual(["ok", 9.1]);
  await deploy(times(3, "Failed"));
  await expect.poll(told, SOON).toHaveLength(2);
  expect(told()[1]).toContain("16.67 %");

  await portal.open("/automations?tab=alerts");
  await page.getByRole("link", { name: "Checkout fails" }).click();
  await dialog.getByRole("button", { name: "State and messages" }).click();
  await dialog.getByText("fires", { exact: true }).waitFor();
  await expect.poll(() => dialog.getByText("fired", { exact: true }).count()).toBe(2);
  expect(await dialog.getByText("resolved", { exact: true }).count()).toBe(1);
  await dialog.getByRole("link", { name: "How they were delivered" }).click();
  const messagesOf = page.getByRole("row", {
    name: /Checkout fails: Checkout.*Channel of the team.*payments.*Delivered/,
  });
  await expect.poll(() => messagesOf.count()).toBe(2);
});

test("a pull request waits 24 hours: its reviewers are nudged, after two nudges somebody else is told, and the review ends it", async () => {
  const { page, dialog, server } = portal;
  await portal.open("/automations");
  await page.getByRole("button", { name: "From a template" }).first().click();
  await dialog.getByRole("button", { name: /^Nudge reviewers/ }).click();
  await dialog.getByLabel("Blueprint of pull requests").fill("pull_request");
  await dialog.getByLabel("Hours between nudges").fill("12");
  await dialog.getByLabel(/^Address of the Slack webhook/).fill(`${receiver.url}/reviewers`);
  await dialog.getByLabel("Where that is told").fill(`${receiver.url}/lead`);
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "Next nudge" }).waitFor();

  const opened = Date.now();
  const ask = (identifier: string, title: string, before: number) =>
    server.post("/v1/blueprints/pull_request/entities", {
      ...{ identifier, title },
      properties: {
        ...{ status: "open", link: `https://git.example.com/${identifier}` },
        createdAt: new Date(opened - before * HOUR).toISOString(),
      },
    });
  await ask("17", "Faster search", 0);
  // It waits an hour longer: when it was nudged, whatever was due before has been, too.
  await ask("16", "Older than that", 1);
  const timer = async (identifier: string): Promise<unknown> => {
    const path = `/v1/blueprints/pull_request/entities/${identifier}`;
    return (await server.get<{ entity: { properties: Record<string, unknown> } }>(path)).entity.properties[
      "review_timer"
    ];
  };
  for (const identifier of ["16", "17"])
    await expect.poll(() => timer(identifier), SOON).toEqual(expect.any(String));

  const of = (title: string, path: string): number =>
    messages(path).filter((text) => text.startsWith(title)).length;
  await server.advance(23 * HOUR + HOUR / 2);
  await expect.poll(() => of("Older", "/reviewers"), SOON).toBe(1);
  expect(of("Faster", "/reviewers")).toBe(0);
  await server.advance(HOUR);
  await expect.poll(() => of("Faster", "/reviewers"), SOON).toBe(1);
  expect(messages("/reviewers").at(-1)).toContain("https://git.example.com/17");
  expect(messages("/lead")).toEqual([]);
  // Each nudge writes when the next one is due.
  const nudged = async (nudges: number): Promise<void> => {
    const path = "/v1/blueprints/pull_request/entities/17";
    await expect
      .poll(
        async () =>
          (await server.get<{ entity: { properties: Record<string, unknown> } }>(path)).entity.properties[
            "review_nudges"
          ],
        SOON,
      )
      .toBe(nudges);
  };
  await nudged(1);
  await server.advance(12 * HOUR);
  await nudged(2);
  await server.advance(12 * HOUR);
  await expect.poll(() => of("Faster", "/lead"), SOON).toBe(1);
  expect(messages("/lead").find((text) => text.startsWith("Faster"))).toContain("2 nudges did not help");
  await nudged(3);
  const before = of("Faster", "/reviewers");
  expect(before).toBe(3);

  await portal.open("/runs?source=AUTOMATION");
  await page.getByRole("link", { name: "Nudges did not help" }).first().click();
  await page.getByText("Succeeded").first().waitFor();

  await server.send("PATCH", "/v1/blueprints/pull_request/entities/17", {
    properties: { firstReviewAt: new Date().toISOString() },
  });
  const others = of("Older", "/reviewers");
  await server.advance(13 * HOUR);
  await expect.poll(() => of("Older", "/reviewers"), SOON).toBe(others + 1);
  expect(of("Faster", "/reviewers")).toBe(before);
});

test("an action that somebody outside carries out: built here, claimed and acknowledged there, its call signed, its log read as it comes", async () => {
  const { page, dialog, server } = portal;
  await portal.open("/self-serve?edit=new");
  await dialog.getByLabel("Title", { exact: true }).fill("Rotate keys");
  await dialog.getByRole("button", { name: "Form", exact: true }).click();
  await dialog.getByRole("button", { name: "Add input" }).click();
  await dialog.getByLabel("Title", { exact: true }).fill("Which");
  await dialog.getByRole("button", { name: "Backend" }).click();
  await dialog.getByLabel("URL").fill(`${receiver.url}/vault`);
  await dialog.getByRole("switch", { name: "An agent in your network calls it" }).check();
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("link", { name: "Create: Rotate keys" }).click();
  await dialog.getByLabel("Which").fill("signing");
  await dialog.getByRole("button", { name: "Run" }).click();
  await page.waitForURL(/\/runs\/r_/);
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await page.getByText("In progress").first().waitFor();

  // The executor: it asks for work, and takes it out of the queue.
  interface Claimed {
    readonly id: string;
    readonly payload: { readonly url: string; readonly method?: string; readonly body: unknown };
  }
  const { runs } = await server.post<{ runs: readonly Claimed[] }>("/v1/actions/runs/claim-pending", {
    ...{ installationId: "_PORT_EXEC_AGENT", limit: 5, invocationMethod: "WEBHOOK" },
  });
  expect(runs.map((run) => run.id)).toEqual([id]);
  await server.send("PATCH", "/v1/actions/runs/ack", { runIds: [id] });
  await server.post(`/v1/actions/runs/${id}/logs`, { message: "Talking to the vault" });
  await page.getByText("Talking to the vault").waitFor();

  // It calls what the action names, as port-agent signs, and the vault checks with the same secret.
  const { clientSecret } = JSON.parse(
    readFileSync(join(server.place.dataDir, "credentials.json"), "utf8"),
  ) as { clientSecret: string };
  const signature = (timestamp: string, body: string): string =>
    `v1,${createHmac("sha256", clientSecret).update(`${timestamp}.${body}`).digest("base64")}`;
  const [run] = runs;
  const body = JSON.stringify(run?.payload.body);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = { "x-port-timestamp": timestamp, "x-port-signature": signature(timestamp, body) };
  await fetch(run?.payload.url ?? "", { method: "POST", headers, body });
  const [call] = receiver.at("/vault");
  expect(call?.headers["x-port-signature"]).toBe(
    signature(String(call?.headers["x-port-timestamp"]), call?.text ?? ""),
  );
  expect(JSON.parse(call?.text ?? "")).toMatchObject({ inputs: { input: "signing" }, run: { id } });
  await server.send("PATCH", `/v1/actions/runs/${id}/response`, { response: { rotated: 1 } });
  await server.send("PATCH", `/v1/actions/runs/${id}`, {
    ...{ status: "SUCCESS", summary: "One key was **rotated**." },
  });
  await page.getByText("Succeeded").first().waitFor();
  await page.getByText("One key was rotated.").waitFor();
  await page.getByText("Answer", { exact: true }).click();
  await page.getByLabel("What was answered").getByText('"rotated": 1').waitFor();

  // Where the portal itself calls, the executor checks the portal's signature and reports.
  await server.post("/v1/actions", {
    ...{ identifier: "restart", title: "Restart" },
    trigger: { type: "self-service", operation: "CREATE", userInputs: { properties: {} } },
    invocationMethod: { type: "WEBHOOK", url: `${receiver.url}/executor` },
  });
  await portal.open("/self-serve");
  await page.getByRole("link", { name: "Create: Restart" }).click();
  await dialog.getByRole("button", { name: "Run" }).click();
  await page.waitForURL(/\/runs\/r_/);
  await expect.poll(() => receiver.at("/executor").length).toBe(1);
  const [told] = receiver.at("/executor");
  expect(told?.headers["x-port-signature"]).toBe(
    signature(String(told?.headers["x-port-timestamp"]), told?.text ?? ""),
  );
  await page.getByText("In progress").first().waitFor();
  await server.post(`/v1/actions/runs/${String(told?.headers["x-port-run-id"])}/logs`, {
    ...{ message: "Restarted", terminationStatus: "SUCCESS" },
  });
  await page.getByText("Succeeded").first().waitFor();
});
