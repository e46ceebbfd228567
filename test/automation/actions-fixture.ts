/** A server with a receiver beside it, and short ways to make actions and to wait for their runs. */
import { startTestApp, type TestApp } from "../support/app.ts";
import { comes } from "../support/patience.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

export interface RunJson {
  readonly id: string;
  readonly status: string;
  readonly summary: string | null;
  readonly response: unknown;
  readonly payload: Record<string, unknown> | null;
  readonly properties: Record<string, unknown>;
  readonly pendingExecution: boolean;
  readonly [key: string]: unknown;
}

export interface ActionsFixture {
  readonly app: TestApp;
  readonly receiver: Receiver;
  /** Creates a self-service action. */
  make(identifier: string, parts?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Runs it. @throws unless it is accepted */
  run(identifier: string, body?: unknown): Promise<RunJson>;
  get(id: string): Promise<RunJson>;
  /** Waits until the run is as asked for. @throws after a while */
  until(id: string, is: (run: RunJson) => boolean): Promise<RunJson>;
  logs(id: string): Promise<string[]>;
  stop(): Promise<void>;
}

export const selfService = (parts: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: "self-service",
  operation: "CREATE",
  userInputs: { properties: {} },
  ...parts,
});

export async function startActions(env: Readonly<Record<string, string>> = {}): Promise<ActionsFixture> {
  const receiver = await startReceiver();
  const app = await startTestApp(env);
  const get = async (id: string): Promise<RunJson> =>
    (await app.send<{ run: RunJson }>("GET", `/v1/actions/runs/${id}`)).body.run;
  return {
    app,
    receiver,
    get,
    async make(identifier, parts = {}) {
      const body = {
        identifier,
        trigger: selfService(),
        invocationMethod: { type: "WEBHOOK", url: `${receiver.url}/${identifier}`, synchronized: true },
        ...parts,
      };
      const answer = await app.send("POST", "/v1/actions", body);
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    async run(identifier, body = {}) {
      const answer = await app.send<{ run: RunJson }>("POST", `/v1/actions/${identifier}/runs`, body);
      if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
      return answer.body.run;
    },
    until(id, is) {
      return comes(() => get(id), is);
    },
    async logs(id) {
      type Logs = { runLogs: { message: string }[] };
      const { body } = await app.send<Logs>("GET", `/v1/actions/runs/${id}/logs`);
      return body.runLogs.map(({ message }) => message);
    },
    async stop() {
      await app.stop();
      await receiver.close();
    },
  };
}
