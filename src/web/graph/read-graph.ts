/**
 * The entities around one, hop by hop, through the search of each blueprint. A way keeps its direction: what the entity
 * depends on, and what depends on it, not what else depends on the same. Nothing is left out in silence: what was not
 * read or stands folded is counted.
 */
import { postJson } from "../api/client.ts";
import type { BlueprintDoc, EntityDoc } from "../catalog/blueprint.ts";
import { keyOf } from "./graph-model.ts";

/** More neighbours than this over one relation stand as one node. */
const FOLD_ABOVE = 12;
/** So many entities are read at most: more than that nobody can follow. */
const MAX_READ = 3000;
const PAGE = 1000;
/** Identifiers in one question. */
const CHUNK = 500;

export interface FoundEntity {
  readonly key: string;
  readonly blueprint: string;
  readonly identifier: string;
  readonly title: string;
  readonly column: number;
  /** Relation and neighbour by which it was found first; null: it is the one in the middle. */
  readonly via: { readonly key: string; readonly relation: string } | null;
  readonly entity: EntityDoc;
}

export interface FoundGroup {
  readonly key: string;
  readonly blueprint: string;
  readonly relation: string;
  /** The neighbour of all of them. */
  readonly of: string;
  readonly column: number;
  readonly count: number;
  /** There are more than were counted. */
  readonly isMore: boolean;
}

export interface FoundGraph {
  readonly entities: readonly FoundEntity[];
  readonly groups: readonly FoundGroup[];
  /** Relations between them, from what depends to what it depends on. */
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[];
  /** Related entities, by blueprint, that were not read because there are too many. */
  readonly unread: readonly { readonly blueprint: string; readonly relation: string }[];
}

export interface GraphQuestion {
  readonly blueprint: string;
  readonly identifier: string;
  readonly hops: number;
  /** Blueprints that are left out. */
  readonly hidden: ReadonlySet<string>;
  /** Keys of nodes whose neighbours are shown, and of groups that are unfolded. */
  readonly open: ReadonlySet<string>;
  readonly fold: boolean;
  /** A property that is read along. */
  readonly property: string | null;
}

type Direction = "up" | "down";

/** @throws ApiError */
export async function readGraph(
  question: GraphQuestion,
  blueprints: readonly BlueprintDoc[],
  signal: AbortSignal,
): Promise<FoundGraph> {
  const reader = new Reader(question, blueprints, signal);
  await reader.start();
  await Promise.all([reader.walk("up"), reader.walk("down")]);
  await reader.openOthers();
  return reader.result();
}

class Reader {
  readonly #question: GraphQuestion;
  readonly #blueprints: ReadonlyMap<string, BlueprintDoc>;
  readonly #signal: AbortSignal;
  readonly #found = new Map<string, FoundEntity>();
  readonly #groups = new Map<string, FoundGroup>();
  readonly #unread = new Map<string, { blueprint: string; relation: string }>();
  readonly #walked = new Set<string>();
  #start: FoundEntity | null = null;

  constructor(question: GraphQuestion, blueprints: readonly BlueprintDoc[], signal: AbortSignal) {
    this.#question = question;
    this.#blueprints = new Map(blueprints.map((one) => [one.identifier, one]));
    this.#signal = signal;
  }

  async start(): Promise<void> {
    const { blueprint, identifier } = this.#question;
    const [entity] = await this.#byIdentifier(blueprint, [identifier]);
    if (entity === undefined) return;
    this.#start = this.#keep(entity, blueprint, 0, null);
  }

  async walk(direction: Direction): Promise<void> {
    let frontier = this.#start === null ? [] : [this.#start];
    const step = direction === "up" ? -1 : 1;
    for (let hop = 1; hop <= this.#question.hops && frontier.length > 0; hop++)
      frontier = await this.#hop(frontier, direction, hop * step);
  }

  /** Nodes further out whose neighbours were asked for, as long as there are some. */
  async openOthers(): Promise<void> {
    for (let round = 0; round < 20; round++) {
      const waiting = [...this.#found.values()].filter(({ key }) => this.#question.open.has(key));
      const before = this.#found.size + this.#groups.size;
      for (const node of waiting)
        await Promise.all([
          this.#hop([node], "up", node.column - 1),
          this.#hop([node], "down", node.column + 1),
        ]);
      if (this.#found.size + this.#groups.size === before) return;
    }
  }

  result(): FoundGraph {
    const entities = [...this.#found.values()];
    const edges = entities.flatMap(({ key, blueprint, entity }) =>
      this.#targets(blueprint, entity).flatMap(({ target, identifier, label }) => {
        const to = keyOf(target, identifier);
        return this.#found.has(to) ? [{ from: key, to, label }] : [];
      }),
    );
    const groups = [...this.#groups.values()];
    const grouped = groups.map(({ key, of, column, relation }) =>
      column > (this.#found.get(of)?.column ?? 0)
        ? { from: key, to: of, label: relation }
        : { from: of, to: key, label: relation },
    );
    return { entities, groups, edges: [...edges, ...grouped], unread: [...this.#unread.values()] };
  }

  async #hop(frontier: readonly FoundEntity[], direction: Direction, column: number): Promise<FoundEntity[]> {
    const fresh = frontier.filter(({ key }) => !this.#walked.has(`${direction} ${key}`));
    for (const { key } of fresh) this.#walked.add(`${direction} ${key}`);
    if (fresh.length === 0) return [];
    return direction === "up" ? this.#up(fresh, column) : this.#down(fresh, column);
  }

  /** What the relations of these lead to. */
  async #up(frontier: readonly FoundEntity[], column: number): Promise<FoundEntity[]> {
    const wanted = new Map<string, Map<string, { key: string; relation: string }>>();
    for (const node of frontier) {
      const byRelation = new Map<string, { target: string; identifier: string }[]>();
      for (const { target, identifier, relation } of this.#targets(node.blueprint, node.entity)) {
        if (this.#question.hidden.has(target) || this.#found.has(keyOf(target, identifier))) continue;
        byRelation.set(relation, [...(byRelation.get(relation) ?? []), { target, identifier }]);
      }
      for (const [relation, targets] of byRelation) {
        const [first] = targets;
        if (first === undefined) continue;
        const group = { blueprint: first.target, relation, column, count: targets.length, isMore: false };
        if (this.#fold(node, "up", group)) continue;
        const ofTarget = wanted.get(first.target) ?? new Map();
        for (const { identifier } of targets)
          if (!ofTarget.has(identifier)) ofTarget.set(identifier, { key: node.key, relation });
        wanted.set(first.target, ofTarget);
      }
    }
    const pages = await Promise.all(
      [...wanted].map(async ([target, from]) => ({
        target,
        from,
        entities: await this.#byIdentifier(target, [...from.keys()]),
      })),
    );
    return pages.flatMap(({ target, from, entities }) =>
      entities.flatMap((entity) => {
        const via = from.get(entity.identifier) ?? null;
        return this.#room() ? [this.#keep(entity, target, column, via)] : [];
      }),
    );
  }

  /** What has relations that lead to these. */
  async #down(frontier: readonly FoundEntity[], column: number): Promise<FoundEntity[]> {
    const ways = [...this.#blueprints.values()].flatMap(({ identifier: other, relations }) =>
      this.#question.hidden.has(other)
        ? []
        : Object.entries(relations ?? {}).flatMap(([relation, { target }]) => {
            const from = frontier.filter(({ blueprint }) => blueprint === target);
            return from.length === 0 ? [] : [{ other, relation, from }];
          }),
    );
    const answers = await Promise.all(ways.map((way) => this.#referrers(way.other, way.relation, way.from)));
    const next: FoundEntity[] = [];
    for (const [at, { other, relation, from }] of ways.entries()) {
      const { entities, total, isMore } = answers[at] ?? NOTHING;
      const left = new Map(from.map((node) => [node.identifier, [] as EntityDoc[]]));
      for (const entity of entities)
        for (const target of identifiersIn(entity.relations?.[relation])) left.get(target)?.push(entity);
      if (isMore) this.#unread.set(`${other} ${relation}`, { blueprint: other, relation });
      for (const node of from) {
        const own = (left.get(node.identifier) ?? []).filter(
          ({ identifier }) => !this.#found.has(keyOf(other, identifier)),
        );
        if (
          this.#fold(node, "down", { blueprint: other, relation, column, count: total ?? own.length, isMore })
        )
          continue;
        for (const entity of own)
          if (this.#room() && !this.#found.has(keyOf(other, entity.identifier)))
            next.push(this.#keep(entity, other, column, { key: node.key, relation }));
          else if (!this.#room()) this.#unread.set(`${other} ${relation}`, { blueprint: other, relation });
      }
    }
    return next;
  }

  #room(): boolean {
    return this.#found.size < MAX_READ;
  }

  /** True when they stand as one node now. */
  #fold(node: FoundEntity, direction: Direction, group: Omit<FoundGroup, "key" | "of">): boolean {
    const key = groupKey(node.key, direction, group.blueprint, group.relation);
    if (!this.#question.fold || group.count <= FOLD_ABOVE || this.#question.open.has(key)) return false;
    this.#groups.set(key, { ...group, key, of: node.key });
    return true;
  }

  #keep(entity: EntityDoc, blueprint: string, column: number, via: FoundEntity["via"]): FoundEntity {
    const { identifier, title } = entity;
    const key = keyOf(blueprint, identifier);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const found = { key, blueprint, identifier, title: title || identifier, column, via, entity };
    this.#found.set(key, found);
    return found;
  }

  /** Where the relations of an entity lead. */
  #targets(blueprint: string, entity: EntityDoc) {
    return Object.entries(this.#blueprints.get(blueprint)?.relations ?? {}).flatMap(
      ([relation, { target, title }]) =>
        identifiersIn(entity.relations?.[relation]).map((identifier) => ({
          target,
          identifier,
          relation,
          label: title || relation,
        })),
    );
  }

  async #byIdentifier(blueprint: string, identifiers: readonly string[]): Promise<EntityDoc[]> {
    const pages: EntityDoc[][] = [];
    for (let at = 0; at < identifiers.length; at += CHUNK) {
      const some = identifiers.slice(at, at + CHUNK);
      const rule = { property: "$identifier", operator: "in", value: some };
      pages.push((await this.#search(blueprint, rule, CHUNK)).entities);
    }
    return pages.flat();
  }

  /**
   * Entities of a blueprint whose relation leads to one of these; with their number where it can tell that they are too
   * many to draw one by one.
   */
  async #referrers(blueprint: string, relation: string, targets: readonly FoundEntity[]): Promise<Referrers> {
    const [only] = targets;
    if (targets.length === 1 && only !== undefined) {
      const { fold, open } = this.#question;
      const rule = { relation, operator: "contains", value: only.identifier };
      const isOpen = !fold || open.has(groupKey(only.key, "down", blueprint, relation));
      const few = await this.#search(blueprint, rule, isOpen ? PAGE : FOLD_ABOVE + 1);
      if (isOpen) return { ...(await this.#rest(blueprint, rule, few)), total: null };
      const total = few.next === undefined ? few.entities.length : await this.#count(blueprint, rule);
      return { entities: few.entities, total, isMore: false };
    }
    const parts: Referrers[] = [];
    for (let at = 0; at < targets.length; at += CHUNK) {
      const some = targets.slice(at, at + CHUNK).map(({ identifier }) => identifier);
      const rule = { relation, operator: "containsAny", value: some };
      const first = await this.#search(blueprint, rule, PAGE);
      parts.push({ ...(await this.#rest(blueprint, rule, first)), total: null });
    }
    return {
      entities: parts.flatMap(({ entities }) => entities),
      total: null,
      isMore: parts.some(({ isMore }) => isMore),
    };
  }

  /** The pages behind the first, while there is room for what is on them. */
  async #rest(blueprint: string, rule: object, first: Page) {
    const entities = [...first.entities];
    let { next } = first;
    while (next !== undefined && entities.length < MAX_READ) {
      const page = await this.#search(blueprint, rule, PAGE, next);
      entities.push(...page.entities);
      ({ next } = page);
    }
    return { entities, isMore: next !== undefined };
  }

  #search(blueprint: string, rule: object, limit: number, from?: string): Promise<Page> {
    const { property } = this.#question;
    const definition = this.#blueprints.get(blueprint);
    const has = property !== null && hasProperty(definition, property);
    return postJson<Page>(
      `/v1/blueprints/${encodeURIComponent(blueprint)}/entities/search`,
      {
        query: { combinator: "and", rules: [rule] },
        include: ["$identifier", "$title", "relations", ...(has ? [property] : [])],
        limit,
        ...(from === undefined ? {} : { from }),
      },
      this.#signal,
    );
  }

  async #count(blueprint: string, rule: object): Promise<number> {
    const rules = [{ property: "$blueprint", operator: "=", value: blueprint }, rule];
    const { result } = await postJson<{ result: number }>(
      "/v1/entities/aggregate",
      { func: "count", query: { combinator: "and", rules } },
      this.#signal,
    );
    return result;
  }
}

interface Referrers {
  readonly entities: readonly EntityDoc[];
  /** Of all, where it was counted. */
  readonly total: number | null;
  /** There are more than were read. */
  readonly isMore: boolean;
}

const NOTHING: Referrers = { entities: [], total: null, isMore: false };

const groupKey = (of: string, direction: Direction, blueprint: string, relation: string): string =>
  `${of}|${direction}|${blueprint}.${relation}`;

interface Page {
  readonly entities: EntityDoc[];
  readonly next?: string;
}

export const hasProperty = (blueprint: BlueprintDoc | undefined, id: string): boolean =>
  [
    blueprint?.schema?.properties,
    blueprint?.mirrorProperties,
    blueprint?.calculationProperties,
    blueprint?.aggregationProperties,
  ].some((definitions) => definitions !== undefined && Object.hasOwn(definitions, id));

const identifiersIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === "string" && value !== "" ? [value] : [];
