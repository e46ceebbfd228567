/** Server-sent events: hints that something changed, so that pages refetch instead of polling. */
import type { FastifyRequest } from "fastify";
import type { FairwayInstance } from "./app-types.ts";
import { isStillAllowed } from "./auth.ts";
import { streamHeaders } from "./stream-headers.ts";

export interface LiveHub {
  /** Sends the event to every open page, at most once per topic and 250 ms. */
  publish(topic: string): void;
  close(): void;
}

const THROTTLE_MS = 250;
/** With each beat everybody is asked for again: what ended meanwhile hears no more. */
const HEARTBEAT_MS = 20_000;

interface Client {
  readonly request: FastifyRequest;
  write(text: string): void;
  end(): void;
}

/** @param beatMs shorter in tests */
export function liveRoutes(app: FairwayInstance, beatMs = HEARTBEAT_MS): LiveHub {
  const open = new Set<Client>();
  const waiting = new Map<string, NodeJS.Timeout>();
  let isClosed = false;
  /** The database that cannot be asked ends nothing: pages would all come back at once. */
  const beat = async (client: Client): Promise<void> => {
    const isAllowed = await isStillAllowed(client.request).catch((error: unknown) => {
      client.request.log.warn({ err: error }, "who follows live events could not be asked for");
      return true;
    });
    if (!open.has(client)) return;
    if (isAllowed) client.write(": alive\n\n");
    else {
      open.delete(client);
      client.end();
    }
  };
  const heartbeat = setInterval(() => open.forEach((client) => void beat(client)), beatMs);
  heartbeat.unref();

  app.get(
    "/v1/live",
    {
      config: { access: "member", contract: "fairway" },
      schema: {
        tags: ["System"],
        summary: "Server-sent events: change, derived, dora, import (hints to refetch)",
      },
    },
    (request, reply) => {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, streamHeaders(request.id));
      raw.write("retry: 2000\n\n");
      const client = { request, write: (text: string) => void raw.write(text), end: () => void raw.end() };
      // A browser that is refused would not come again by itself; one whose stream ends does.
      if (isClosed) {
        client.end();
        return;
      }
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
      isClosed = true;
      clearInterval(heartbeat);
      waiting.forEach((timer) => clearTimeout(timer));
      open.forEach((client) => client.end());
      open.clear();
    },
  };
}
