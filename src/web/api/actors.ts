/** What people and programs are called, asked for together: a page of a hundred rows asks once. */
import { queryOptions } from "@tanstack/react-query";
import { postJson } from "./client.ts";

export interface ActorName {
  readonly id: string;
  readonly kind: "user" | "app" | "source" | "system" | "former" | "other";
  readonly name: string;
}

/** As many as the server names at once. */
const AT_ONCE = 200;
/** What is drawn together asks together. */
const GATHER_MS = 5;
const KEEP_MS = 300_000;

type Answered = (name: Promise<ActorName>) => void;
let waiting = new Map<string, Answered[]>();

export const actorQuery = (id: string) =>
  queryOptions({
    queryKey: ["actors", id],
    queryFn: () => new Promise<ActorName>((answered) => gather(id, answered)),
    staleTime: KEEP_MS,
  });

function gather(id: string, answered: Answered): void {
  if (waiting.size === 0) setTimeout(ask, GATHER_MS);
  waiting.set(id, [...(waiting.get(id) ?? []), answered]);
}

function ask(): void {
  const all = waiting;
  waiting = new Map();
  const ids = [...all.keys()];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const names = postJson<{ actors: ActorName[] }>("/v1/actors", { ids: some }).then(
      ({ actors }) => new Map(actors.map((actor) => [actor.id, actor])),
    );
    for (const id of some) {
      const own = names.then((known) => known.get(id) ?? ({ id, kind: "other", name: id } as const));
      for (const answered of all.get(id) ?? []) answered(own);
    }
  }
}
