/** Some routes of the server, behind an authenticator of the test's own. */
import fastifyCookie from "@fastify/cookie";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify from "fastify";
import type { FairwayInstance } from "../../src/http/app-types.ts";
import { authenticate } from "../../src/http/auth.ts";
import { handleError } from "../../src/http/errors.ts";
import { createRequestLimits } from "../../src/http/request-limits.ts";

export interface GuardedRoutes {
  /** Without a trailing slash. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @param isGood whether a bearer token is, as of now */
export async function startGuardedRoutes(
  isGood: (token: string) => boolean,
  register: (app: FairwayInstance) => { close(): void },
): Promise<GuardedRoutes> {
  const app = Fastify({ forceCloseConnections: true }).withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(handleError);
  await app.register(fastifyCookie);
  const holder = { org: "o", clientId: "c", person: null };
  const authenticator = {
    cookie: "fairway_session",
    token: (token: string) => Promise.resolve(isGood(token) ? holder : null),
    session: () => Promise.resolve(null),
  };
  const unlimited = createRequestLimits({ perCredential: null, perAddress: null });
  app.addHook("onRequest", authenticate(authenticator, null, unlimited));
  const routes = register(app);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    url,
    async stop() {
      routes.close();
      await app.close();
    },
  };
}
