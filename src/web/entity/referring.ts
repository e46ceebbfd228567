/** Which entities of other blueprints name an entity in a relation. */
import { type BlueprintDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { entityCountQuery } from "../catalog/queries.ts";
import { NO_FILTER, type Rule } from "../lib/catalog-search.ts";

/** One relation of another blueprint, with the entity that it leads to. */
export interface Referring {
  readonly other: BlueprintDoc;
  readonly id: string;
  readonly identifier: string;
  /** The blueprint, and the relation where it has several. */
  readonly heading: string;
}

/** Without rule results, which are in the tab of scorecards: nobody's work depends on them. */
export const referringTo = (
  blueprint: string,
  identifier: string,
  all: readonly BlueprintDoc[],
): readonly Referring[] =>
  all
    .filter((other) => isSystem(blueprint) || !isSystem(other.identifier))
    .flatMap((other) => {
      const here = Object.entries(other.relations ?? {}).filter(([, { target }]) => target === blueprint);
      return here.map(([id, { title }]) => ({
        ...{ other, id, identifier },
        heading: `${titleOf(other)}${here.length > 1 ? ` · ${title || id}` : ""}`,
      }));
    });

export const ruleOf = ({ id, identifier }: Referring): Rule =>
  ({ relation: id, operator: "contains", value: identifier }) as unknown as Rule;

export const referringCountQuery = (of: Referring) =>
  entityCountQuery(of.other.identifier, { text: "", filter: NO_FILTER }, [ruleOf(of)]);
