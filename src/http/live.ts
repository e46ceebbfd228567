/** Server-sent events: hints that something changed, so that pages refetch instead of polling. */
import type { FairwayInstance } from "./app-types.ts";

export interface LiveHub {
  /** Sends the event to every open page, at most once per topic and 250 ms. */
  publish(topic: string): void;
  close(): void;
}

const THROTTLE_MS = 250;
const HEARTBEAT_MS = 20_000;

export function liveRoutes(app: FairwayInstance): LiveHub {
  const open = new Set<{ write(text: string): void; end(): void }>();
  const waiting = new Map<string, NodeJS.Timeout>();
  const heartbeat = setInterval(() => open.forEach((c) => c.write(": alive\n\n")), HEARTBEAT_MS);
  heartbeat.unref();

  app.get(
    "/v1/live",
    {
      config: { access: "member", contract: "fairway" },
      schema: { tags: ["System"], summary: "Server-sent events: change, dora, import (hints to refetch)" },
    },
    (request, reply) => {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "x-request-id": request.id,
      });
      raw.write("retry: 2000\n\n");
      const client = { write: (text: string) => void raw.write(text), end: () => void raw.end() };
      open.add(client);
      request.raw.on("close", () => open.delete(client));
    },
  );

  return {
    publish(topic) {
      if (waiting.has(topic) || open.size === 0) return;
      const timer = setTimeout(() => {
        waiting.delete(topic);
        for (const client of open) client.write(`event: ${topic}\ndata: {}\n\n`);
      }, THROTTLE_MS);
      timer.unref();
      waiting.set(topic, timer);
    },
    close() {
      clearInterval(heartbeat);
      waiting.forEach((timer) => clearTimeout(timer));
      open.forEach((client) => client.end());
      open.clear();
    },
  };
}
