/**
 * The catalog as an obviously correct program in memory: one entity at a time, everything looked up by walking through
 * all there is. It knows the blueprints of twin.test.ts and nothing of src/.
 */
export interface TwinRelation {
  readonly target: string;
  readonly many: boolean;
  readonly required: boolean;
}
export interface TwinBlueprint {
  /** Type per property. */
  readonly properties: Readonly<Record<string, "string" | "number" | "array">>;
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  readonly relations: Readonly<Record<string, TwinRelation>>;
}
export interface TwinEntity {
  title: string | null;
  properties: Record<string, unknown>;
  relations: Record<string, string[]>;
}
export interface TwinBody {
  readonly identifier: string;
  readonly title?: string | null;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly relations?: Readonly<Record<string, readonly string[] | string | null>>;
}
export interface TwinMode {
  readonly present: "conflict" | "override" | "merge";
  readonly absent: "create" | "fail";
  readonly createMissing: boolean;
}

export class Twin {
  readonly blueprints: Readonly<Record<string, TwinBlueprint>>;
  readonly entities = new Map<string, TwinEntity>();
  /** `ACTION blueprint/identifier`, oldest first. */
  readonly log: string[] = [];

  constructor(blueprints: Readonly<Record<string, TwinBlueprint>>) {
    this.blueprints = blueprints;
  }

  blueprint(name: string): TwinBlueprint {
    const found = this.blueprints[name];
    if (found === undefined) throw new Error(name);
    return found;
  }

  /** @returns created, updated, unchanged or an error code */
  write(name: string, body: TwinBody, mode: TwinMode): string {
    const blueprint = this.blueprint(name);
    const key = `${name}/${body.identifier}`;
    for (const [property, value] of Object.entries(body.properties ?? {})) {
      const type = blueprint.properties[property];
      if (type === undefined || value === null) continue;
      const actual = Array.isArray(value) ? "array" : typeof value;
      if (actual !== type) return "invalid_request";
    }
    for (const [relation, value] of Object.entries(body.relations ?? {})) {
      const known = blueprint.relations[relation];
      if (known === undefined) return "not_found";
      if (!known.many && Array.isArray(value) && new Set(value).size > 1) return "invalid_request";
    }

    const old = this.entities.get(key);
    if (old !== undefined && mode.present === "conflict") return "conflict";
    if (old === undefined && mode.absent === "fail") return "not_found";

    const next: TwinEntity =
      old !== undefined && mode.present === "merge"
        ? structuredClone(old)
        : { title: null, properties: { ...blueprint.defaults }, relations: {} };
    if (body.title !== undefined) next.title = body.title;
    for (const [property, value] of Object.entries(body.properties ?? {}))
      if (blueprint.properties[property] !== undefined) next.properties[property] = value;
    for (const property of Object.keys(blueprint.properties)) next.properties[property] ??= null;
    for (const [relation, value] of Object.entries(body.relations ?? {}))
      next.relations[relation] = value === null ? [] : [...new Set([value].flat())];
    for (const relation of Object.keys(blueprint.relations)) next.relations[relation] ??= [];

    for (const property of blueprint.required)
      if (next.properties[property] === null) return "invalid_request";
    for (const [relation, { required }] of Object.entries(blueprint.relations))
      if (required && next.relations[relation]?.length === 0) return "invalid_request";

    const missing: string[] = [];
    for (const [relation, targets] of Object.entries(next.relations))
      for (const target of targets) {
        const targetKey = `${blueprint.relations[relation]?.target}/${target}`;
        if (targetKey !== key && !this.entities.has(targetKey)) missing.push(targetKey);
      }
    if (missing.length > 0 && !mode.createMissing) return "not_found";
    for (const targetKey of new Set(missing)) {
      const target = this.blueprint(targetKey.split("/")[0] ?? "");
      const bare: TwinEntity = { title: null, properties: { ...target.defaults }, relations: {} };
      for (const property of Object.keys(target.properties)) bare.properties[property] ??= null;
      for (const relation of Object.keys(target.relations)) bare.relations[relation] = [];
      this.entities.set(targetKey, bare);
      this.log.push(`CREATE ${targetKey}`);
    }
    if (old !== undefined && JSON.stringify(sorted(old)) === JSON.stringify(sorted(next))) return "unchanged";
    this.entities.set(key, next);
    this.log.push(`${old === undefined ? "CREATE" : "UPDATE"} ${key}`);
    return old === undefined ? "created" : "updated";
  }

  /** @returns deleted or an error code */
  remove(keys: readonly string[], deleteDependents: boolean): string {
    const doomed = new Set(keys.filter((key) => this.entities.has(key)));
    for (;;) {
      const dependents = [...this.entities.keys()].filter(
        (key) =>
          !doomed.has(key) &&
          this.references(key).some(({ required, target }) => required && doomed.has(target)),
      );
      if (dependents.length === 0) break;
      if (!deleteDependents) return "has_dependents";
      for (const key of dependents) doomed.add(key);
    }
    for (const [key, entity] of [...this.entities].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (doomed.has(key)) continue;
      const blueprint = this.blueprint(key.split("/")[0] ?? "");
      let cleared = false;
      for (const [relation, targets] of Object.entries(entity.relations)) {
        const left = targets.filter(
          (target) => !doomed.has(`${blueprint.relations[relation]?.target}/${target}`),
        );
        cleared ||= left.length < targets.length;
        entity.relations[relation] = left;
      }
      if (cleared) this.log.push(`UPDATE ${key}`);
    }
    for (const key of doomed) {
      this.entities.delete(key);
      this.log.push(`DELETE ${key}`);
    }
    return "deleted";
  }

  references(key: string): { required: boolean; target: string }[] {
    const blueprint = this.blueprint(key.split("/")[0] ?? "");
    return Object.entries(this.entities.get(key)?.relations ?? {}).flatMap(([relation, targets]) =>
      targets.map((target) => ({
        required: blueprint.relations[relation]?.required ?? false,
        target: `${blueprint.relations[relation]?.target}/${target}`,
      })),
    );
  }
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)]);
}
