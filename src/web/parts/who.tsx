/** Client ids of the organisation's API credentials. */
const CLIENT_ID = /^[0-9a-f]{24}$/;

/** Who did something: people by their address, programs as such, with the whole id on hover. */
export function Who({ id }: { id: string | null | undefined }) {
  if (id === null || id === undefined || id === "") return "–";
  if (!CLIENT_ID.test(id)) return id;
  return <span title={id}>API client {id.slice(0, 6)}…</span>;
}
