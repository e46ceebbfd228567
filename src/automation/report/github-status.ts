/** What a workflow that a run dispatched has come to, as GitHub's API tells it. */
import { isObject, type JsonObject } from "../../model/json.ts";
import { call } from "../invoke/call.ts";
import { githubOf } from "../invoke/github.ts";
import { CallFailed, type Invocation } from "../invoke/invocation.ts";
import { waitOf } from "../invoke/rate-limit.ts";
import { type AskStatus, type Reported, StatusRefused, STATUS_BYTES } from "./reported.ts";

/** Conclusions that count as success; failure, cancelled, timed_out, action_required, stale, startup_failure do not. */
const FINE = new Set(["success", "skipped", "neutral"]);
/** Clocks differ: a workflow may seem to have begun before it was asked for. */
const SKEW_MS = 5000;

export const githubStatus: AskStatus = async (invocation, taken) => {
  const { run } = invocation;
  const id = run.externalRunId ?? (await findRun(invocation, taken));
  if (id === null) return { state: "unknown", change: {} };
  const { repository } = githubOf(invocation);
  const body = await ask(invocation, `${repository}/actions/runs/${encodeURIComponent(id)}`);
  return reportedBy(body, id);
};

function reportedBy(body: unknown, id: string): Reported {
  if (!isObject(body)) return { state: "unknown", change: { externalRunId: id } };
  const { status, conclusion, html_url: page } = body;
  const change = {
    externalRunId: id,
    ...(typeof page === "string" && /^https?:/i.test(page) ? { link: [page] } : {}),
  };
  if (status !== "completed") return { state: "running", change };
  return {
    state: FINE.has(String(conclusion)) ? "success" : "failure",
    change,
    words: `GitHub: the workflow completed with ${String(conclusion)}`,
  };
}

/**
 * Servers that do not answer a dispatch with the workflow's run: it is the one that was dispatched since on that branch and
 * belongs to no other run of ours, or the one whose title has our id in it (`run-name`).
 */
async function findRun(
  invocation: Invocation,
  taken: (ids: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<string | null> {
  const { run, sent } = invocation;
  const { dispatchedAt, ref } = isObject(run.response) ? run.response : {};
  const since = Date.parse(String(dispatchedAt));
  if (Number.isNaN(since)) throw new StatusRefused("nothing says which workflow run it is");
  const { repository } = githubOf(invocation);
  const query = new URLSearchParams({
    ...{ event: "workflow_dispatch", branch: String(ref), exclude_pull_requests: "true", per_page: "50" },
    created: `>=${new Date(since - SKEW_MS).toISOString().slice(0, 19)}Z`,
  });
  const workflow = encodeURIComponent(String(sent["workflow"]));
  const body = await ask(invocation, `${repository}/actions/workflows/${workflow}/runs?${query.toString()}`);
  const list = isObject(body) && Array.isArray(body["workflow_runs"]) ? body["workflow_runs"] : [];
  const found = list.filter(isObject).filter(({ id }) => typeof id === "number");
  const named = found.find(({ display_title: title }) => String(title).includes(run.id));
  if (named !== undefined) return idOf(named);
  const others = await taken(found.map(idOf));
  const free = found.map(idOf).filter((id) => !others.has(id));
  if (free.length > 1)
    throw new StatusRefused(
      "several workflow runs began at the same time, and the server does not say which is which (a run-name with the run's id would)",
    );
  return free[0] ?? null;
}

const idOf = (one: JsonObject): string => String(one["id"]);

async function ask(invocation: Invocation, url: string): Promise<unknown> {
  const { headers } = githubOf(invocation);
  const answer = await call(invocation, {
    ...{ url, shownUrl: url, method: "GET", headers, maxKept: STATUS_BYTES },
  });
  if (answer.isOk) return answer.body;
  const words = isObject(answer.body) ? String(answer.body["message"]) : "";
  const waitMs = waitOf(answer.status, answer.headers, invocation.now, words);
  if (waitMs !== null) throw new CallFailed(`GitHub answered ${answer.status}: too many questions`, waitMs);
  throw new StatusRefused(`GitHub answered ${answer.status}`);
}
