/** The log of a run: read once, then streamed while the run is under way; asked for again and again where no stream comes. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { runLogQuery, runLogStream } from "../actions/queries.ts";
import type { RunLogDoc } from "../actions/types.ts";

const EVERY_MS = 1000;

export function useRunLog(run: string, isLive: boolean) {
  const client = useQueryClient();
  const [isStreaming, setStreaming] = useState(false);
  const [streamed, setStreamed] = useState<readonly RunLogDoc[]>([]);
  const log = useQuery({
    ...runLogQuery(run),
    refetchInterval: isLive && !isStreaming ? EVERY_MS : false,
  });
  const isRead = log.data !== undefined;
  useEffect(() => {
    if (!isLive || !isRead) return undefined;
    const known = client.getQueryData<RunLogDoc[]>(runLogQuery(run).queryKey);
    const source = new EventSource(runLogStream(run, known?.at(-1)?.id));
    source.addEventListener("open", () => setStreaming(true));
    source.addEventListener("error", () => setStreaming(false));
    source.addEventListener("log", ({ data }: MessageEvent<string>) =>
      setStreamed((lines) => [...lines, JSON.parse(data) as RunLogDoc]),
    );
    const tellRun = () => void client.invalidateQueries({ queryKey: ["runs"] });
    source.addEventListener("run", tellRun);
    source.addEventListener("end", () => {
      source.close();
      tellRun();
    });
    return () => {
      source.close();
      setStreaming(false);
    };
  }, [client, isLive, isRead, run]);
  return { log, lines: merged(log.data ?? [], streamed, run) };
}

/** Both may hold a line; each stands once, in order. */
function merged(
  read: readonly RunLogDoc[],
  streamed: readonly RunLogDoc[],
  run: string,
): readonly RunLogDoc[] {
  const known = new Set(read.map(({ id }) => id));
  const fresh = streamed.filter(({ id, runId }) => runId === run && !known.has(id));
  return fresh.length === 0 ? read : [...read, ...fresh].sort((a, b) => numberOf(a) - numberOf(b));
}

const numberOf = ({ id }: RunLogDoc): number => Number(id.slice("log_".length));
