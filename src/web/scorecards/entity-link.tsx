import { Link } from "@tanstack/react-router";

/** To how an entity stands in its scorecards. */
export function EntityLink({
  blueprint,
  identifier,
  title,
}: {
  blueprint: string;
  identifier: string;
  title: string;
}) {
  return (
    <Link to="/c/$blueprint/$id" params={{ blueprint, id: identifier }} search={{ tab: "scorecards" }}>
      {title}
    </Link>
  );
}
