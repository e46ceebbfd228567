/** The end of workflows and pipelines that runs started (workflows.md §3.2.3), from servers that answer as the vendors document. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { endStaleRuns } from "../../src/automation/stale-runs.ts";
import { patchRun } from "../../src/automation/update-run.ts";
import { openRunHarness, type RunHarness } from "./run-harness.ts";

let it: RunHarness;
beforeAll(async () => {
  it = await openRunHarness((url) => ({
    ...{ GITHUB_TOKEN: "ghp_secret", GITHUB_API_URL: `${url}/gh` },
    ...{ GITLAB_TOKEN: "glpat-secret", GITLAB_URL: `${url}/gl` },
    ...{ AZURE_DEVOPS_TOKEN: "azure-secret", AZURE_DEVOPS_URL: `${url}/az` },
  }));
});
afterAll(() => it.close());

const github = { type: "GITHUB", org: "acme", repo: "cart", workflow: "deploy.yml", branch: "main" };
const page = "https://github.example.com/acme/cart/actions/runs/77";
/** As GitHub answers about a run of a workflow, as far as it is read; the rest of it is as long as this. */
const workflowRun = (id: number, parts: object): object => ({
  ...{ id, name: "Deploy", html_url: page, event: "workflow_dispatch", head_branch: "main" },
  ...{ repository: { description: "r".repeat(40_000) }, ...parts },
});

test("§3.2.3 reportWorkflowStatus: the end of the workflow ends the run, which is looked for until then", async () => {
  it.answer = ({ path }) =>
    path.endsWith("/dispatches")
      ? { status: 200, body: { workflow_run_id: 77, run_url: "https://api.example.com/77", html_url: page } }
      : { status: 200, body: workflowRun(77, { status: "in_progress", conclusion: null }) };
  const run = await it.start("github", github);
  expect(run).toMatchObject({ status: "IN_PROGRESS", externalRunId: "77", link: [page] });
  expect(it.asked.at(-1)?.body).toEqual({ ref: "main", inputs: {}, return_run_details: true });
  expect(await it.isWatched(run.id)).toBe(true);
  expect(await it.look(run.id)).toBe(5000);
  expect(it.asked.at(-1)).toMatchObject({ method: "GET", path: "/gh/repos/acme/cart/actions/runs/77" });
  expect(it.asked.at(-1)?.headers["authorization"]).toBe("Bearer ghp_secret");
  it.advance(3_600_000);
  expect(await it.look(run.id)).toBe(120_000);
  it.answer = () => ({ status: 200, body: workflowRun(77, { status: "completed", conclusion: "success" }) });
  expect(await it.look(run.id)).toBeNull();
  expect(await it.get(run.id)).toMatchObject({ status: "SUCCESS", externalRunId: "77", link: [page] });
  expect((await it.logs(run.id)).at(-1)).toBe("GitHub: the workflow completed with success");
  expect(await it.look(run.id)).toBeNull();
});

test.each([
  ["neutral", "SUCCESS"],
  ["skipped", "SUCCESS"],
  ["cancelled", "FAILURE"],
  ["startup_failure", "FAILURE"],
])("§3.2.3 reportWorkflowStatus: %s is %s", async (conclusion, status) => {
  it.answer = ({ path }) =>
    path.endsWith("/dispatches")
      ? { status: 200, body: { workflow_run_id: 78, html_url: page } }
      : { status: 200, body: workflowRun(78, { status: "completed", conclusion }) };
  const { id } = await it.start(`ends-${conclusion}`, github);
  await it.look(id);
  const run = await it.get(id);
  expect(run.status).toBe(status);
  expect(run.summary).toBe(status === "SUCCESS" ? null : `GitHub: the workflow completed with ${conclusion}`);
});

test("§3.2.3 reportWorkflowStatus: a server that names no run is asked for those that were dispatched since", async () => {
  let list: object[] = [];
  it.answer = ({ path, body }) => {
    if (path.includes("/workflows/deploy.yml/runs"))
      return { status: 200, body: { total_count: list.length, workflow_runs: list } };
    if (!path.endsWith("/dispatches"))
      return { status: 200, body: workflowRun(81, { status: "completed", conclusion: "failure" }) };
    return JSON.stringify(body).includes("return_run_details")
      ? { status: 422, body: { message: '"return_run_details" is not a permitted key.' } }
      : { status: 204 };
  };
  const first = await it.start("older", github);
  const second = await it.start("older-again", github);
  expect(first).toMatchObject({ status: "IN_PROGRESS", externalRunId: null, link: [] });
  expect(await it.look(first.id)).toBe(5000);
  const query = new URLSearchParams(it.asked.at(-1)?.path.split("?")[1]);
  expect(Object.fromEntries(query)).toMatchObject({
    ...{ event: "workflow_dispatch", branch: "main", exclude_pull_requests: "true" },
    created: `>=${new Date(it.ctx.now().getTime() - 5000).toISOString().slice(0, 19)}Z`,
  });
  list = [workflowRun(81, {}), workflowRun(82, {})];
  await expect(it.look(first.id)).rejects.toThrow("several workflow runs");
  // `run-name: ${{ inputs.port_run_id }}`
  list = [workflowRun(82, {}), workflowRun(81, { display_title: `Deploy ${first.id}` })];
  expect(await it.look(first.id)).toBeNull();
  expect(await it.get(first.id)).toMatchObject({ status: "FAILURE", externalRunId: "81", link: [page] });
  // What belongs to the first is not the second's.
  await it.look(second.id);
  expect(await it.get(second.id)).toMatchObject({ externalRunId: "82" });
});

test("§3.2.3 reportWorkflowStatus: nobody is asked when it is false; a report of the workflow itself comes first", async () => {
  it.answer = () => ({ status: 200, body: { workflow_run_id: 90, html_url: page } });
  const silent = await it.start("silent", { ...github, reportWorkflowStatus: false });
  expect(await it.isWatched(silent.id)).toBe(false);
  const told = await it.start("told", { ...github, reportWorkflowStatus: "{{ true }}" });
  await patchRun(it.ctx, told.id, { status: "SUCCESS", summary: "by itself" });
  const { length } = it.asked;
  expect(await it.look(told.id)).toBeNull();
  expect(it.asked).toHaveLength(length);
  expect(await it.get(told.id)).toMatchObject({ status: "SUCCESS", summary: "by itself" });
});

test("§3.2.3 reportWorkflowStatus: who does not say is asked for a while, and then no more", async () => {
  it.answer = ({ method }) =>
    method === "POST" ? { status: 200, body: { workflow_run_id: 91 } } : { status: 403 };
  const { id } = await it.start("refused", github);
  await expect(it.look(id, 11)).rejects.toThrow("GitHub answered 403");
  expect(await it.look(id, 12)).toBeNull();
  expect((await it.get(id)).status).toBe("IN_PROGRESS");
  expect((await it.logs(id)).at(-1)).toContain("not asked for any more: GitHub answered 403");
  it.answer = () => ({ status: 502 });
  await expect(it.look(id)).rejects.toThrow("answered 502");
});

test("§3.2.3 reportWorkflowStatus: a limit of questions is waited for, however often, and is no refusal", async () => {
  const reset = Math.floor(it.ctx.now().getTime() / 1000) + 1800;
  it.answer = () => ({ status: 200, body: { workflow_run_id: 95 } });
  const { id } = await it.start("limited", github);
  const limited = (status: number, headers: Record<string, string>, body: object = {}) => {
    it.answer = () => ({ status, headers, body });
    return it.look(id, 12);
  };
  const spent = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) };
  const left = reset * 1000 - it.ctx.now().getTime();
  expect(await limited(403, spent)).toBe(left);
  expect(await limited(429, spent)).toBe(left);
  expect(await limited(429, { "retry-after": "90" })).toBe(90_000);
  expect(await limited(403, { "retry-after": "999999" })).toBe(3_600_000);
  expect(await limited(403, {}, { message: "You have exceeded a secondary rate limit." })).toBe(60_000);
  it.answer = () => ({ status: 200, body: workflowRun(95, { status: "completed", conclusion: "success" }) });
  expect(await it.look(id)).toBeNull();
  expect((await it.get(id)).status).toBe("SUCCESS");
});

test("§3.2.3 reportWorkflowStatus: what is still asked for does not end for want of reports; after 35 days nobody asks", async () => {
  it.answer = ({ method }) =>
    method === "POST"
      ? { status: 200, body: { workflow_run_id: 96 } }
      : { status: 200, body: workflowRun(96, { status: "in_progress", conclusion: null }) };
  const { id } = await it.start("patient", github);
  it.advance(30 * 24 * 3_600_000);
  expect(await it.look(id)).toBe(120_000);
  await endStaleRuns(it.ctx, 168);
  expect((await it.get(id)).status).toBe("IN_PROGRESS");
  it.advance(6 * 24 * 3_600_000);
  expect(await it.look(id)).toBeNull();
  expect((await it.logs(id)).at(-1)).toContain("it has not ended for 35 days");
});

test("§3.2.3 reportWorkflowStatus: two runs that find the same workflow run at the same time do not both become it", async () => {
  it.answer = ({ path, body }) => {
    if (path.includes("/workflows/deploy.yml/runs"))
      return { status: 200, body: { workflow_runs: [workflowRun(97, {})] } };
    if (!path.endsWith("/dispatches"))
      return { status: 200, body: workflowRun(97, { status: "in_progress", conclusion: null }) };
    return JSON.stringify(body).includes("return_run_details")
      ? { status: 422, body: { message: '"return_run_details" is not a permitted key.' } }
      : { status: 204 };
  };
  const runs = [await it.start("twin", github), await it.start("twin-too", github)];
  expect(await it.lookAtOnce(runs.map(({ id }) => id))).toEqual([5000, 5000]);
  const found = await Promise.all(runs.map(async ({ id }) => (await it.get(id)).externalRunId));
  expect(found).toEqual(["97", null]);
});

test("§3.2.3 GITLAB: a pipeline is asked for its end where the action says so", async () => {
  let status = "manual";
  it.answer = ({ method }) => ({
    status: method === "POST" ? 201 : 200,
    body: { id: 7, web_url: "https://gl.example.com/p/7", status },
  });
  const gitlab = { type: "GITLAB", groupName: "acme", projectName: "cart", defaultRef: "main" };
  const asked = await it.start("gitlab", { ...gitlab, reportWorkflowStatus: true });
  expect(await it.isWatched((await it.start("gitlab-silent", gitlab)).id)).toBe(false);
  expect(await it.isWatched(asked.id)).toBe(true);
  expect(await it.look(asked.id)).toBe(5000);
  expect(it.asked.at(-1)).toMatchObject({ path: "/gl/api/v4/projects/acme%2Fcart/pipelines/7" });
  expect(it.asked.at(-1)?.headers["private-token"]).toBe("glpat-secret");
  status = "canceled";
  expect(await it.look(asked.id)).toBeNull();
  expect(await it.get(asked.id)).toMatchObject({
    ...{ status: "FAILURE", summary: "GitLab: the pipeline ended with canceled" },
  });
});

test("§3.2.3 AZURE_DEVOPS: the build that the webhook started is found, and its end ends the run", async () => {
  const azure = {
    ...{ type: "AZURE_DEVOPS", org: "acme", webhook: "deploy", project: "Shop & co", pipeline: "7" },
    reportWorkflowStatus: true,
  };
  /** As Azure DevOps answers about builds, as far as it is read. */
  const build = (id: number, parts: object): object => ({
    ...{ id, buildNumber: `2026.${id}`, reason: "resourceTrigger", status: "inProgress", tags: [] },
    _links: { web: { href: `https://dev.example.com/acme/_build/results?buildId=${id}` } },
    ...parts,
  });
  let list: object[] = [];
  it.answer = ({ method, path }) =>
    method === "POST"
      ? { status: 200 }
      : path.includes("/builds?")
        ? { status: 200, body: { count: list.length, value: list } }
        : { status: 200, body: build(41, { status: "completed", result: "partiallySucceeded" }) };
  const first = await it.start("azure", azure);
  expect(it.asked.at(-1)?.path).toBe(
    "/az/acme/_apis/public/distributedtask/webhooks/deploy?api-version=6.0-preview",
  );
  expect(it.asked.at(-1)?.headers["authorization"]).toBeUndefined();
  expect(await it.isWatched(first.id)).toBe(true);
  expect(await it.look(first.id)).toBe(5000);
  const [path = "", query = ""] = it.asked.at(-1)?.path.split("?") ?? [];
  expect(path).toBe("/az/acme/Shop%20%26%20co/_apis/build/builds");
  expect(Object.fromEntries(new URLSearchParams(query))).toEqual({
    ...{ reasonFilter: "resourceTrigger", queryOrder: "queueTimeAscending", $top: "50" },
    ...{ minTime: new Date(it.ctx.now().getTime() - 5000).toISOString(), definitions: "7" },
    "api-version": "7.1",
  });
  expect(it.asked.at(-1)?.headers["authorization"]).toBe(
    `Basic ${Buffer.from(":azure-secret").toString("base64")}`,
  );
  const second = await it.start("azure-again", azure);
  list = [build(41, {}), build(42, {})];
  await expect(it.look(first.id)).rejects.toThrow("several builds");
  list = [build(42, {}), build(41, { tags: [first.id] })];
  expect(await it.look(first.id)).toBe(5000);
  const link = ["https://dev.example.com/acme/_build/results?buildId=41"];
  expect(await it.get(first.id)).toMatchObject({ status: "IN_PROGRESS", externalRunId: "acme/41", link });
  expect(await it.look(first.id)).toBeNull();
  expect(it.asked.at(-1)?.path).toBe("/az/acme/Shop%20%26%20co/_apis/build/builds/41?api-version=7.1");
  expect(await it.get(first.id)).toMatchObject({ status: "SUCCESS" });
  // What belongs to the first is not the second's.
  list = [build(41, {}), build(42, { status: "completed", result: "canceled" })];
  expect(await it.look(second.id)).toBeNull();
  expect(await it.get(second.id)).toMatchObject({
    ...{ status: "FAILURE", externalRunId: "acme/42" },
    summary: "Azure DevOps: the pipeline completed with canceled",
  });
  // A token that is none is answered with a page to sign in.
  const third = await it.start("azure-third", azure);
  it.answer = () => ({ status: 203, body: "<html>" });
  await expect(it.look(third.id)).rejects.toThrow("does not take the token");
  const silent = await it.start("azure-silent", { ...azure, reportWorkflowStatus: false });
  expect(await it.isWatched(silent.id)).toBe(false);
  await expect(it.start("azure-nowhere", { ...azure, project: null })).rejects.toThrow(
    "invocationMethod.project is missing",
  );
});
