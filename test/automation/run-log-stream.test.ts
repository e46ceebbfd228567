/** The log of a run as it grows (workflows.md §3.4): server-sent events. */
import { afterAll, beforeAll, expect, test } from "vitest";
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

const until = async (is: () => boolean): Promise<void> => {
  for (const end = Date.now() + 10_000; !is(); await new Promise((resolve) => setTimeout(resolve, 20)))
    if (Date.now() > end) throw new Error("waited in vain");
};
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

test("§3.4 the log is streamed: not of a run that is not there", async () => {
  const { status, ended } = await follow("r_none");
  await ended;
  expect(status).toBe(404);
});
