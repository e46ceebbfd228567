/** Which services rows of DevLake belong to: by the repository they name, or by the project that their scope is in. */
import { toIdentifier } from "../import/identifier.ts";
import { repositoryOf, textOf } from "./cell.ts";
import type { CsvRecord } from "./read-csv.ts";

export interface DevlakeService {
  readonly identifier: string;
  readonly title: string;
  /** Null for a project, which has several. */
  readonly repository: string | null;
}

export class Scopes {
  readonly #byProject: boolean;
  readonly #repositories = new Map<string, string>();
  readonly #scopeNames = new Map<string, string>();
  /** `table id` → projects. */
  readonly #projects = new Map<string, Set<string>>();
  /** Project → ids of its repositories and CI scopes. */
  readonly #members = new Map<string, Set<string>>();
  readonly #services = new Map<string, DevlakeService>();
  readonly #taken = new Map<string, string>();

  constructor(byProject: boolean) {
    this.#byProject = byProject;
  }

  /** A row of `repos`. */
  addRepository(record: CsvRecord): void {
    const id = textOf(record, "id");
    const named = textOf(record, "url") ?? textOf(record, "name") ?? id;
    if (id !== null && named !== null) this.#repositories.set(id, repositoryOf(named));
  }

  /** A row of `cicd_scopes`. */
  addScope(record: CsvRecord): void {
    const [id, name] = [textOf(record, "id"), textOf(record, "url") ?? textOf(record, "name")];
    if (id !== null && name !== null) this.#scopeNames.set(id, repositoryOf(name));
  }

  /** A row of `project_mapping`. */
  addMapping(record: CsvRecord): void {
    const [project, table, id] = ["project_name", "table", "row_id"].map((column) => textOf(record, column));
    if (typeof project !== "string" || typeof table !== "string" || typeof id !== "string") return;
    const key = `${table} ${id}`;
    this.#projects.set(key, (this.#projects.get(key) ?? new Set()).add(project));
    if (table === "repos" || table === "cicd_scopes")
      this.#members.set(project, (this.#members.get(project) ?? new Set()).add(id));
  }

  /** The repository of a row of `repos`; null when it is not known. */
  repository(id: string | null): string | null {
    return id === null ? null : (this.#repositories.get(id) ?? null);
  }

  /** The only one there is; null when there are none or several. */
  get onlyRepository(): string | null {
    const all = new Set(this.#repositories.values());
    return all.size === 1 ? ([...all][0] ?? null) : null;
  }

  /** Of a deployment: its repository, else that of its scope; or the projects of its scope. */
  ofDeployment(url: string | null, repositoryId: string | null, scope: string | null): DevlakeService[] {
    if (this.#byProject) return this.#ofProjects(["cicd_scopes", "repos"], scope ?? repositoryId);
    const repository =
      (url === null ? null : repositoryOf(url)) ??
      this.repository(repositoryId) ??
      this.repository(scope) ??
      (scope === null ? null : (this.#scopeNames.get(scope) ?? null));
    return repository === null ? this.#ofProjects(["cicd_scopes"], scope) : [this.#ofRepository(repository)];
  }

  ofPullRequest(repositoryId: string | null): DevlakeService[] {
    if (this.#byProject) return this.#ofProjects(["repos"], repositoryId);
    const repository = this.repository(repositoryId) ?? repositoryId;
    return repository === null ? [] : [this.#ofRepository(repository)];
  }

  /** Of an incident on a board or in a repository: a board stands for all services of its projects. */
  ofIncident(table: string, ids: readonly string[]): DevlakeService[] {
    const found = ids.flatMap((id) => {
      if (this.#byProject) return this.#ofProjects([table], id);
      if (table === "repos") return this.ofPullRequest(id);
      return [...(this.#projects.get(`${table} ${id}`) ?? [])].flatMap((project) =>
        [...(this.#members.get(project) ?? [])].flatMap((member) => this.ofDeployment(null, member, member)),
      );
    });
    return [...new Map(found.map((service) => [service.identifier, service])).values()];
  }

  #ofProjects(tables: readonly string[], id: string | null): DevlakeService[] {
    if (id === null) return [];
    const projects = new Set(tables.flatMap((table) => [...(this.#projects.get(`${table} ${id}`) ?? [])]));
    return [...projects].map((project) => this.#service(`project ${project}`, [project], null));
  }

  #ofRepository(repository: string): DevlakeService {
    const parts = repository.split("/").filter((part) => part !== "");
    const name = parts.at(-1) ?? repository;
    return this.#service(
      `repository ${repository}`,
      [name, parts.slice(-2).join("/"), repository],
      repository,
    );
  }

  /** The first of the names that no other has. */
  #service(key: string, names: readonly string[], repository: string | null): DevlakeService {
    const known = this.#services.get(key);
    if (known !== undefined) return known;
    const title = names.find((name) => (this.#taken.get(name) ?? key) === key) ?? key;
    this.#taken.set(title, key);
    const service = { identifier: toIdentifier(title), title, repository };
    this.#services.set(key, service);
    return service;
  }
}
