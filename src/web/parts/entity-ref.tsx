import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { entityTitleQuery } from "../catalog/entity-title.ts";

interface Props {
  blueprint: string;
  identifier: string;
  /** Where it is known, null where the entity has none; undefined: it is looked up. */
  title?: string | null | undefined;
  /** The tab of its page that is opened. */
  tab?: string;
  /** Others beside it are called so too: the identifier is said. */
  isAmbiguous?: boolean;
  /** In a window of its own. */
  isApart?: boolean;
}

/** An entity by its title alone, where a link has no place. */
export function EntityName({ blueprint, identifier }: Pick<Props, "blueprint" | "identifier">) {
  const name = useQuery(entityTitleQuery(blueprint, identifier)).data || identifier;
  return <span {...(name !== identifier && { title: identifier })}>{name}</span>;
}

/** An entity by its title, with the identifier on hover; a link to its page. */
export function EntityRef({
  blueprint,
  identifier,
  title,
  tab,
  isAmbiguous = false,
  isApart = false,
}: Props) {
  const found = useQuery({ ...entityTitleQuery(blueprint, identifier), enabled: title === undefined });
  const name = (title === undefined ? found.data : title) || identifier;
  return (
    <>
      <Link
        to="/c/$blueprint/$id"
        params={{ blueprint, id: identifier }}
        {...(tab !== undefined && { search: { tab } })}
        {...(name !== identifier && { title: identifier })}
        {...(isApart && { target: "_blank" })}
      >
        {name}
      </Link>
      {isAmbiguous && name !== identifier ? <code className="muted"> {identifier}</code> : null}
    </>
  );
}
