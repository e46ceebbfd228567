/** `fairway import devlake DIR`: DevLake's domain tables as CSV files, read as streams, sent as the portal takes them. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ApiClient } from "../client.ts";
import { usageError } from "../cli-error.ts";
import type { CatalogShape } from "../import/catalog-setup.ts";
import { createPipeline } from "../import/pipeline.ts";
import { postCommits, postEntities } from "../import/post-rows.ts";
import {
  createChunker,
  createRowSender,
  type Row,
  type RowError,
  type RowErrors,
} from "../import/send-rows.ts";
import type { Reporter } from "../reporter.ts";
import { textOf, timeOf } from "./cell.ts";
import { type CsvRecord, readCsv } from "./read-csv.ts";
import { changeEntity, commitOf, deploymentEntity, incidentEntity, LeftOut } from "./rows.ts";
import { type DevlakeService, Scopes } from "./scopes.ts";

const COMMITS_PER_REQUEST = 1000;
const COMMIT_BYTES = 4 * 1024 * 1024 - 1024;
const ENTITIES_PER_REQUEST = 500;
const ENTITY_BYTES = 900 * 1000;
const IN_FLIGHT = 2;

export interface DevlakeOutcome {
  readonly sent: Readonly<Record<RowError["kind"], number>>;
  readonly services: ReadonlyMap<string, DevlakeService>;
  /** Why rows that are right were left out, and how many. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** What of the tables there is; the columns without which one cannot be read. */
const TABLES = {
  cicd_deployment_commits: ["cicd_deployment_id", "result"],
  cicd_deployments: ["id", "result"],
  pull_requests: ["id", "base_repo_id"],
  incidents: ["id", "created_date"],
  issues: ["id", "type", "created_date"],
  commits: ["sha"],
  repos: ["id"],
  cicd_scopes: ["id"],
  project_mapping: ["project_name", "table", "row_id"],
  pull_request_commits: ["pull_request_id", "commit_authored_date"],
  pull_request_comments: ["pull_request_id", "created_date", "account_id"],
  board_issues: ["board_id", "issue_id"],
  commit_parents: ["commit_sha", "parent_commit_sha"],
  repo_commits: ["repo_id", "commit_sha"],
} as const;
type TableName = keyof typeof TABLES;
const FACTS: readonly TableName[] = [
  ...([
    "cicd_deployment_commits",
    "cicd_deployments",
    "pull_requests",
    "incidents",
    "issues",
    "commits",
  ] as const),
];

/** @throws CliError for a folder without tables, or a file that is no CSV (naming file and line) */
export async function findTables(folder: string): Promise<ReadonlySet<TableName>> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    throw usageError(`${folder} does not exist, or is no folder that can be read`);
  }
  const found = new Set((Object.keys(TABLES) as TableName[]).filter((name) => names.includes(`${name}.csv`)));
  if (!FACTS.some((name) => found.has(name)))
    throw usageError(
      `${folder} holds none of ${FACTS.map((name) => `${name}.csv`).join(", ")}`,
      "export DevLake's domain tables as CSV with a header line, one file a table",
    );
  return found;
}

export class DevlakeImport {
  readonly #client: ApiClient;
  readonly #folder: string;
  readonly #tables: ReadonlySet<TableName>;
  readonly #scopes: Scopes;
  readonly #errors: RowErrors;
  readonly #reporter: Reporter;
  readonly #sent = { commit: 0, change: 0, deployment: 0, incident: 0 };
  readonly #services = new Map<string, DevlakeService>();
  readonly #leftOut = new Map<string, number>();

  constructor(
    client: ApiClient,
    folder: string,
    tables: ReadonlySet<TableName>,
    options: { readonly byProject: boolean },
    report: { readonly errors: RowErrors; readonly reporter: Reporter },
  ) {
    this.#client = client;
    this.#folder = folder;
    this.#tables = tables;
    this.#scopes = new Scopes(options.byProject);
    this.#errors = report.errors;
    this.#reporter = report.reporter;
  }

  /**
   * The same files give the same rows, so it can be repeated. @param ensure told of a service before anything of it is sent
   */
  async run(
    shape: CatalogShape,
    ensure: (service: DevlakeService) => Promise<void>,
  ): Promise<DevlakeOutcome> {
    await this.#each("repos", (record) => this.#scopes.addRepository(record));
    await this.#each("cicd_scopes", (record) => this.#scopes.addScope(record));
    await this.#each("project_mapping", (record) => this.#scopes.addMapping(record));
    const take = async (services: readonly DevlakeService[]): Promise<void> => {
      for (const service of services) {
        if (this.#services.has(service.identifier)) continue;
        await ensure(service);
        this.#services.set(service.identifier, service);
      }
    };
    await this.#sendCommits();
    await this.#sendChanges(shape, take);
    await this.#sendDeployments(shape, take);
    await this.#sendIncidents(take);
    this.#reporter.done();
    return { sent: this.#sent, services: this.#services, leftOut: this.#leftOut };
  }

  async #each(table: TableName, use: (record: CsvRecord) => void): Promise<void> {
    for await (const batch of this.#read(table)) for (const record of batch) use(record);
  }

  async *#read(table: TableName): AsyncGenerator<CsvRecord[]> {
    if (this.#tables.has(table)) yield* readCsv(join(this.#folder, `${table}.csv`), TABLES[table]);
  }

  /** Sends what `make` gives of each row of a table; a row at fault is told and left out. */
  async #send(
    table: TableName,
    kind: RowError["kind"],
    blueprint: string | null,
    make: (record: CsvRecord) => Promise<readonly object[]>,
  ): Promise<void> {
    if (!this.#tables.has(table)) return;
    this.#reporter.phase(`Reading ${table}`, 0);
    const pipeline = createPipeline(IN_FLIGHT);
    const chunks =
      blueprint === null
        ? createChunker(COMMITS_PER_REQUEST, COMMIT_BYTES)
        : createChunker(ENTITIES_PER_REQUEST, ENTITY_BYTES);
    const send = createRowSender(kind, this.#errors, (rows) =>
      blueprint === null
        ? postCommits(this.#client, rows)
        : postEntities(this.#client, this.#errors, { kind, blueprint, byRow: true }, rows),
    );
    const dispatch = (rows: readonly Row[] | null): Promise<void> =>
      rows === null || rows.length === 0
        ? Promise.resolve()
        : pipeline.push(async () => {
            const taken = await send(rows);
            this.#sent[kind] += taken;
            this.#reporter.progress(this.#sent[kind]);
          });
    for await (const batch of this.#read(table))
      for (const record of batch) {
        const made = await this.#made(record, kind, make);
        for (const one of made) await dispatch(chunks.add({ id: record.at, json: JSON.stringify(one) }));
      }
    await dispatch(chunks.flush());
    await pipeline.drain();
  }

  async #made(
    record: CsvRecord,
    kind: RowError["kind"],
    make: (record: CsvRecord) => Promise<readonly object[]>,
  ): Promise<readonly object[]> {
    try {
      return await make(record);
    } catch (error) {
      if (error instanceof LeftOut)
        this.#leftOut.set(error.message, (this.#leftOut.get(error.message) ?? 0) + 1);
      else if (error instanceof RangeError) this.#errors.add({ kind, id: record.at, message: error.message });
      else throw error;
      return [];
    }
  }

  async #sendCommits(): Promise<void> {
    if (!this.#tables.has("commits")) return;
    const parents = new Map<string, string[]>();
    await this.#each("commit_parents", (record) => {
      const [sha, parent] = [textOf(record, "commit_sha"), textOf(record, "parent_commit_sha")];
      if (sha === null || parent === null) return;
      const list = parents.get(sha);
      if (list === undefined) parents.set(sha, [parent]);
      else if (!list.includes(parent)) list.push(parent);
    });
    const repositories = new Map<string, string[]>();
    await this.#each("repo_commits", (record) => {
      const [id, sha] = [textOf(record, "repo_id"), textOf(record, "commit_sha")];
      if (id === null || sha === null) return;
      const name = this.#scopes.repository(id) ?? id;
      const list = repositories.get(sha);
      if (list === undefined) repositories.set(sha, [name]);
      else if (!list.includes(name)) list.push(name);
    });
    const only = this.#scopes.onlyRepository;
    await this.#send("commits", "commit", null, async (record) => {
      const sha = textOf(record, "sha") ?? "";
      const names = repositories.get(sha) ?? (only === null ? [] : [only]);
      if (names.length === 0) throw new LeftOut("commits of no repository (repo_commits.csv says which)");
      return names.map((name) => commitOf(record, name, parents.get(sha) ?? []));
    });
  }

  async #sendChanges(shape: CatalogShape, take: Take): Promise<void> {
    if (!this.#tables.has("pull_requests")) return;
    const first = new Map<string, string>();
    await this.#each("pull_request_commits", (record) => {
      const [id, time] = [
        textOf(record, "pull_request_id"),
        this.#timeOf(record, "commit_authored_date", "change"),
      ];
      if (id !== null && time !== null && time < (first.get(id) ?? "~")) first.set(id, time);
    });
    /** By request and account, as what its author says is no review. */
    const comments = new Map<string, Map<string, string>>();
    await this.#each("pull_request_comments", (record) => {
      const [id, time] = [textOf(record, "pull_request_id"), this.#timeOf(record, "created_date", "change")];
      const account = textOf(record, "account_id") ?? "";
      if (id === null || time === null) return;
      const own = comments.get(id) ?? new Map<string, string>();
      if (time < (own.get(account) ?? "~")) own.set(account, time);
      comments.set(id, own);
    });
    await this.#send("pull_requests", "change", "change", async (record) => {
      const id = textOf(record, "id") ?? "";
      const repositoryId = textOf(record, "base_repo_id");
      const services = this.#scopes.ofPullRequest(repositoryId);
      await take(services);
      const author = textOf(record, "author_id");
      const reviews = [...(comments.get(id) ?? [])].filter(([account]) => account !== author);
      const times = {
        firstCommitAt: first.get(id) ?? null,
        firstReviewAt: reviews.map(([, time]) => time).sort()[0] ?? null,
      };
      const repository = this.#scopes.repository(repositoryId);
      return [changeEntity(record, services, repository, times, shape.changeServiceMany)];
    });
  }

  #timeOf(record: CsvRecord, column: string, kind: RowError["kind"]): string | null {
    try {
      return timeOf(record, column);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#errors.add({ kind, id: record.at, message: error.message });
      return null;
    }
  }

  async #sendDeployments(shape: CatalogShape, take: Take): Promise<void> {
    const withCommits = new Set<string>();
    const make = async (record: CsvRecord): Promise<object[]> => {
      const scope = textOf(record, "cicd_scope_id");
      const services = this.#scopes.ofDeployment(
        textOf(record, "repo_url"),
        textOf(record, "repo_id"),
        scope,
      );
      if (services.length === 0)
        throw new RangeError(
          `names no repository, and the scope ${JSON.stringify(scope)} is in no project of project_mapping.csv`,
        );
      const made = services.map((service) => deploymentEntity(record, service, shape.deploymentServiceMany));
      await take(services);
      return made;
    };
    await this.#send("cicd_deployment_commits", "deployment", "deployment", async (record) => {
      withCommits.add(textOf(record, "cicd_deployment_id") ?? "");
      return make(record);
    });
    await this.#send("cicd_deployments", "deployment", "deployment", async (record) =>
      withCommits.has(textOf(record, "id") ?? "") ? [] : make(record),
    );
  }

  async #sendIncidents(take: Take): Promise<void> {
    const boards = new Map<string, string[]>();
    await this.#each("board_issues", (record) => {
      const [board, issue] = [textOf(record, "board_id"), textOf(record, "issue_id")];
      if (board !== null && issue !== null) boards.set(issue, [...(boards.get(issue) ?? []), board]);
    });
    const send = (table: "incidents" | "issues"): Promise<void> =>
      this.#send(table, "incident", "devlakeIncident", async (record) => {
        if (table === "issues" && textOf(record, "type")?.toUpperCase() !== "INCIDENT") return [];
        const scope = textOf(record, "scope_id");
        const services =
          scope === null
            ? this.#scopes.ofIncident("boards", boards.get(textOf(record, "id") ?? "") ?? [])
            : this.#scopes.ofIncident(textOf(record, "table") ?? "boards", [scope]);
        const made = incidentEntity(record, services);
        await take(services);
        return [made];
      });
    // The newer versions have both; incidents are the issues of that type then.
    await send(this.#tables.has("incidents") ? "incidents" : "issues");
  }
}

type Take = (services: readonly DevlakeService[]) => Promise<void>;
