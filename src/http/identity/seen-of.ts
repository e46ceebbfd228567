import type { FastifyRequest } from "fastify";
import type { Seen } from "../../access/sessions.ts";

/** From where a request comes, as far as it can be told. */
export const seenOf = ({ ip, headers }: FastifyRequest): Seen => ({
  userAgent: headers["user-agent"] ?? null,
  address: ip,
});
