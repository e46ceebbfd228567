/**
 * Argo CD as its public reference describes it: assets/swagger.json (ProjectService, ApplicationService.List with projects,
 * name and appNamespace, SessionService.GetUserInfo), docs/operator-manual/notifications (services/webhook, triggers,
 * templates). Fixtures are made here; nothing is taken from anywhere.
 */
import { createHash } from "node:crypto";
import type { SentEvent, Vendor } from "../connector-suite.ts";
import { type Asked, type Json, startVendor, type Told } from "../vendor-server.ts";

const TOKEN = "eyJ-argocd-test-0123456789";
const T0 = Date.parse("2026-03-01T08:00:00Z");
/** Kubernetes has whole seconds. */
const at = (hours: number): string => new Date(T0 + hours * 3_600_000).toISOString().replace(".000Z", "Z");
export const shaOf = (text: string): string => createHash("sha1").update(text).digest("hex");
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

const source = (name: string): Json => ({
  ...{ repoURL: "https://git.example.com/acme/deploy.git", path: `apps/${name}`, targetRevision: "main" },
});

/** Of one sync; the revision is the same as before for every fifth: a change made by hand was undone. */
const entry = (name: string, id: number): Json => ({
  ...{ id, revision: shaOf(`${name} ${id % 5 === 4 ? id - 1 : id}`), source: source(name) },
  ...{ deployStartedAt: at(id * 10), deployedAt: at(id * 10 + 1), initiatedBy: { automated: true } },
});

interface Application extends Json {
  metadata: Json;
  spec: Json;
  status: Json & { history: Json[] };
}

function application(n: number, project: string, name: string, history: number): Application {
  return {
    metadata: {
      ...{ name, namespace: "argocd", uid: `uid-${n}`, resourceVersion: String(1000 + n), labels: {} },
      ...{ creationTimestamp: at(0), managedFields: [{ manager: "kubectl" }] },
    },
    spec: {
      ...{ project, source: source(name) },
      destination: { server: "https://kubernetes.default.svc", namespace: "apps" },
    },
    status: {
      ...{
        sync: { status: "Synced", revision: shaOf(`${name} ${history - 1}`) },
        health: { status: "Healthy" },
      },
      ...{ summary: { images: [`images.example.com/${name}:1.4`] }, reconciledAt: at(400) },
      history: Array.from({ length: history }, (_, id) => entry(name, id)),
      operationState: { phase: "Succeeded", startedAt: at(history * 10), finishedAt: at(history * 10 + 1) },
    },
  };
}

/** What a user's template sends (docs/connectors.md). */
const notification = ({ metadata, spec, status }: Application): Json => ({
  ...{ uid: metadata["uid"], application: metadata["name"], namespace: metadata["namespace"] },
  ...{ project: spec["project"], resourceVersion: metadata["resourceVersion"] },
  phase: (status["operationState"] as Json)["phase"],
});

const PROJECTS = ["web", "pay", "web-dev"];

export class ArgocdServer implements Vendor {
  readonly projects = PROJECTS.map((name): Json => ({
    metadata: { name, namespace: "argocd", uid: `project-${name}` },
    spec: { description: `What ${name} runs`, sourceRepos: ["*"] },
  }));
  readonly applications = numbers(20).map((n) => {
    // The fifth is one more place where the fourth service runs.
    const bare = `app-${n === 5 ? 4 : n}`;
    const name = n % 3 === 2 ? bare : `${bare}-${n % 2 === 0 ? "prod" : "staging"}`;
    return application(n, PROJECTS[n % 3] ?? "", name, 16);
  });

  constructor() {
    const [, two, three] = this.applications as [Application, Application, Application];
    // Says its commit by the tag of its image; only the last sync knows it.
    two.status["summary"] = {
      images: ["images.example.com/sidecar:1.2", `images.example.com/app:main-${shaOf("x").slice(0, 10)}`],
    };
    // Forgot what came first.
    three.status.history.splice(0, 6);
    three.status["operationState"] = {
      ...{
        phase: "Failed",
        message: "one or more objects failed to apply",
        startedAt: at(300),
        finishedAt: at(301),
      },
      ...{
        operation: { sync: { revision: shaOf("bad") } },
        syncResult: { revision: shaOf("bad"), source: source("app-3") },
      },
    };
  }

  settings(url: string): Record<string, string> {
    return { baseUrl: `${url}/`, token: TOKEN };
  }

  sign(secret: string): Record<string, string> {
    return { "x-fairway-secret": secret };
  }

  start(faults: Parameters<typeof startVendor>[3]): ReturnType<typeof startVendor> {
    return startVendor(
      ({ path, headers }) =>
        path === "/api/v1/session/userinfo" || headers["authorization"] === `Bearer ${TOKEN}`,
      {
        status: 401,
        body: { error: "invalid session: token is malformed", code: 16, message: "invalid session" },
      },
      (asked) => this.#answer(asked),
      faults,
    );
  }

  #answer({ path, query, headers }: Asked): Told {
    if (path === "/api/v1/session/userinfo")
      return headers["authorization"] === `Bearer ${TOKEN}`
        ? { body: { loggedIn: true, username: "fairway", iss: "argocd" } }
        : { body: {} };
    if (path === "/api/v1/projects") return { body: { metadata: {}, items: this.projects } };
    if (path !== "/api/v1/applications") return { status: 404, body: { code: 5, message: "Not Found" } };
    const name = query.get("name");
    const chosen = query.getAll("projects");
    const found = this.applications.filter(
      ({ spec, metadata }) =>
        (chosen.length === 0 || chosen.includes(String(spec["project"]))) &&
        (name === null || metadata["name"] === name) &&
        (query.get("appNamespace") ?? "argocd") === metadata["namespace"],
    );
    if (name !== null && found.length === 0)
      return { status: 404, body: { code: 5, message: `application '${name}' not found` } };
    // An empty list of Go is null.
    return { body: { metadata: { resourceVersion: "9" }, items: found.length === 0 ? null : found } };
  }

  #change(one: Application, change: (one: Application) => void): SentEvent {
    change(one);
    one.metadata["resourceVersion"] = String(Number(one.metadata["resourceVersion"]) + 100);
    return { headers: { "content-type": "application/json" }, body: notification(one) };
  }

  live(): readonly SentEvent[] {
    const apps = this.applications;
    const [one, two, , four, five, six] = apps as [
      Application,
      Application,
      Application,
      Application,
      Application,
      Application,
    ];
    const created = application(40, "pay", "billing-prod", 2);
    apps.push(created);
    const sync = (app: Application): void => {
      const id = app.status.history.length;
      app.status.history.push(entry(String(app.metadata["name"]), id));
      app.status["operationState"] = {
        phase: "Succeeded",
        startedAt: at(id * 10),
        finishedAt: at(id * 10 + 1),
      };
    };
    const events = [
      this.#change(one, sync),
      this.#change(one, sync),
      this.#change(four, sync),
      this.#change(four, (app) => {
        app.status["health"] = { status: "Degraded" };
      }),
      this.#change(created, () => undefined),
      this.#change(six, (app) => {
        app.status["operationState"] = {
          ...{ phase: "Error", startedAt: at(310), finishedAt: at(311), message: "ComparisonError" },
          syncResult: { revision: shaOf("worse"), source: source("app-6") },
        };
      }),
      this.#change(two, (app) => {
        app.metadata["labels"] = { team: "web" };
      }),
      this.#change(five, (app) => {
        app.metadata["deletionTimestamp"] = at(500);
      }),
    ];
    // What came last arrives first.
    return events.toReversed();
  }

  vanish(): readonly string[] {
    // Forgets its oldest syncs, which did not vanish; and one application does.
    this.applications[0]?.status.history.splice(0, 5);
    const [gone] = this.applications.splice(8, 1) as [Application];
    this.projects.splice(2, 1);
    const inProject = this.applications.filter(({ spec }) => spec["project"] === "web-dev");
    for (const app of inProject) this.applications.splice(this.applications.indexOf(app), 1);
    return [gone, ...inProject]
      .filter(({ metadata }) => metadata["deletionTimestamp"] === undefined)
      .flatMap((app) => [`argocdApplication/${String(app.metadata["uid"])}`, ...this.#syncsOf(app)])
      .concat("argocdProject/web-dev");
  }

  /** Of the entities that the syncs of an application made. */
  #syncsOf({ metadata, status }: Application): string[] {
    const service = String(metadata["name"]).replace(/-(prod|staging)$/, "");
    const name = `deployment/${service}@argocd-${String(metadata["uid"])}-`;
    const made = status.history.filter(
      ({ id }, index) => (id as number) % 5 !== 4 && (index > 0 || id === 0),
    );
    const failed = status["operationState"] as Json;
    return [
      ...made.map(({ id }) => `${name}${String(id)}`),
      ...(failed["phase"] === "Succeeded" ? [] : [`${name}failed-${String(failed["startedAt"])}`]),
    ];
  }
}
