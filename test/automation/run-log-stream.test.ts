/** The log of a run as it grows (workflows.md §3.4): server-sent events. */
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { until } from "../support/patience.ts";
import { type ActionsFixture, startActions } from "./actions-fixture.ts";

let it: ActionsFixture;
beforeAll(async () => {
  it = await startActions();
  await it.make("long", { invocationMethod: { type: "WEBHOOK", url: "https://example.com/x", agent: true } });
});
afterAll(() => it.stop());

interface Event {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

/** Reads the stream; gives its events as they come. */
async function follow(run: string, headers: Record<string, string> = {}, query = "") {
  const response = await fetch(`${it.app.url}/v1/actions/runs/${run}/logs/live${query}`, {
    headers: { authorization: `Bearer ${it.app.token}`, ...headers },
  });
  const events: Event[] = [];
  const read = async (): Promise<void> => {
    let held = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      held += decoder.decode(chunk, { stream: true });
      const parts = held.split("\n\n");
      held = parts.pop() ?? "";
      for (const part of parts) {
        const of = (key: string): string | undefined =>
          part
            .split("\n")
            .find((line) => line.startsWith(`${key}: `))
            ?.slice(key.length + 2);
        const name = of("event");
        if (name !== undefined)
          events.push({ name, id: of("id"), data: JSON.parse(of("data") ?? "{}") as Event["data"] });
      }
    }
  };
  return { status: response.status, events, ended: read() };
}

const say = (run: string, message: string, more: object = {}) =>
  it.app.send("POST", `/v1/actions/runs/${run}/logs`, { message, ...more });
const messages = (events: readonly Event[]) =>
  events.filter(({ name }) => name === "log").map(({ data }) => data["message"]);

test("§3.4 the log is streamed: what is there, what comes, and its end", async () => {
  const { id } = await it.run("long");
  await say(id, "one");
  const stream = await follow(id);
  await until(() => messages(stream.events).length === 1);
  await say(id, "two\n\nlines");
  await it.app.send("PATCH", `/v1/actions/runs/${id}`, { statusLabel: "half-way" });
  await until(() => stream.events.filter(({ name }) => name === "run").length >= 2);
  await say(id, "three", { terminationStatus: "SUCCESS" });
  await stream.ended;
  expect(messages(stream.events)).toEqual(["one", "two\n\nlines", "three"]);
  expect(stream.events.at(-1)).toMatchObject({ name: "end", data: { status: "SUCCESS" } });
});

test("§3.4 the log is streamed: on from where it was left, whole once it has ended", async () => {
  const { id } = await it.run("long");
  for (const line of ["a", "b", "c"]) await say(id, line);
  const first = await follow(id);
  await until(() => messages(first.events).length === 3);
  const known = first.events.find(({ data }) => data["message"] === "b")?.id ?? "";
  expect(known).toMatch(/^log_\d+$/);
  await say(id, "d", { terminationStatus: "FAILURE" });
  await first.ended;
  const [resumed, asked, whole] = [
    await follow(id, { "last-event-id": known }),
    await follow(id, {}, `?after=${known}`),
    await follow(id),
  ];
  await Promise.all([resumed.ended, asked.ended, whole.ended]);
  expect([resumed, asked, whole].map(({ events }) => messages(events))).toEqual([
    ["c", "d"],
    ["c", "d"],
    ["a", "b", "c", "d"],
  ]);
});

test("§3.4 the log is streamed: twenty at once to one person or set of API credentials", async () => {
  const { id } = await it.run("long");
  const open = [];
  for (let n = 0; n < 20; n += 1) open.push(await follow(id));
  expect(open.map(({ status }) => status)).toEqual(open.map(() => 200));
  const refused = await follow(id);
  expect(refused.status).toBe(429);
  await say(id, "over", { terminationStatus: "SUCCESS" });
  await Promise.all([refused, ...open].map(({ ended }) => ended));
  expect(open.map(({ events }) => messages(events))).toEqual(open.map(() => ["over"]));
});

test("§3.4 the log is streamed: it ends after ten minutes, and after half a minute to who does not read", async () => {
  const { id } = await it.run("long");
  const reader = await follow(id);
  const { port } = new URL(it.app.url);
  const stalled = connect({ port: Number(port), host: "127.0.0.1" });
  stalled.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => void stalled.once("close", resolve));
  stalled.write(
    `GET /v1/actions/runs/${id}/logs/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${it.app.token}\r\n\r\n`,
  );
  await new Promise((resolve) => void stalled.once("data", resolve));
  stalled.pause();
  // More than the sockets between take.
  for (let n = 0; n < 150; n += 1) await say(id, "x".repeat(90_000));
  await until(() => messages(reader.events).length === 150);
  const now = Date.now.bind(Date);
  let later = 0;
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now() + later);
  try {
    await say(id, "seen to be full");
    await until(() => messages(reader.events).at(-1) === "seen to be full");
    later = 31_000;
    await say(id, "half a minute later");
    await until(() => messages(reader.events).at(-1) === "half a minute later");
    stalled.resume();
    await closed;
    later = 601_000;
    await say(id, "ten minutes later");
    await reader.ended;
    expect(reader.events.map(({ name }) => name)).not.toContain("end");
  } finally {
    clock.mockRestore();
    stalled.destroy();
  }
});

test("§3.4 the log is streamed: not of a run that is not there", async () => {
  const { status, ended } = await follow("r_none");
  await ended;
  expect(status).toBe(404);
});
