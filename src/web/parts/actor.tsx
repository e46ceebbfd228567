import { useQuery } from "@tanstack/react-query";
import { actorQuery } from "../api/actors.ts";

/** What follows from other changes. Plain `fairway` may also be the client id of credentials, which the server knows. */
const SYSTEM = /^fairway:/;

interface ActorProps {
  readonly id: string | null | undefined;
  /** Known where the kind of actor is told. */
  readonly isServer?: boolean;
}

/** Who did something, by name; the id is on hover. Whoever is gone says so. */
export function Actor({ id, isServer }: ActorProps) {
  const isGiven = id !== null && id !== undefined && id !== "";
  const isSystem = isGiven && (isServer === true || SYSTEM.test(id));
  const { data, error } = useQuery({ ...actorQuery(id ?? ""), enabled: isGiven && !isSystem });
  if (!isGiven) return "–";
  if (isSystem) return <span title={id}>Fairway</span>;
  // Addresses say who it is before the name is there.
  if (data === undefined) return error !== null || id.includes("@") ? id : "…";
  const { kind, name } = data;
  // Two who are gone are told apart by their addresses; of who was erased there is none.
  if (kind === "former" && id.includes("@"))
    return (
      <span title="Nobody here has this address now" className="muted">
        {id}
      </span>
    );
  return (
    <span title={id} className={kind === "former" ? "muted" : undefined}>
      {kind === "app" && !/\bAPI\b/.test(name) ? `API credentials “${name}”` : name}
    </span>
  );
}
