import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { postJson } from "../api/client.ts";
import { setupQuery } from "../api/queries.ts";
import type { Setup } from "../api/types.ts";
import { percent } from "../lib/format.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Meter } from "../parts/meter.tsx";

/** Loads demo data and shows how far it is; then goes to the numbers. */
export function DemoOffer({ setup }: { setup: Setup }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { demo } = setup;
  const running = demo.status === "running";
  useQuery({ ...setupQuery, refetchInterval: running ? 1000 : false });
  const start = useMutation({
    mutationFn: () => postJson("/v1/demo"),
    onSettled: () => client.invalidateQueries({ queryKey: setupQuery.queryKey }),
  });

  // Only who saw it run is taken along; who comes back later finds a link.
  const seen = useRef(false);
  useEffect(() => {
    if (running) seen.current = true;
    if (demo.status === "completed" && seen.current) void navigate({ to: "/dora" });
  }, [running, demo.status, navigate]);

  if (demo.status === "completed") {
    return (
      <Button component={Link} to="/dora">
        Open DORA metrics
      </Button>
    );
  }
  if (running) {
    return (
      <div className="stack" style={{ gap: 6 }}>
        <Meter value={demo.progress} label="Loading demo data" />
        <p className="small muted" role="status">
          Loading demo data: {percent(Math.floor(demo.progress * 100) / 100)}
        </p>
      </div>
    );
  }
  if (!demo.available) {
    return <p className="small muted">Demo data goes into an empty portal only; this one has data.</p>;
  }
  return (
    <div className="stack" style={{ gap: 10 }}>
      {start.error ? <ErrorPanel what="load the demo data" error={start.error} /> : null}
      {demo.status === "failed" ? (
        <p className="small" role="alert" style={{ color: "var(--bad)" }}>
          Loading stopped half-way. The server's log says why.
        </p>
      ) : null}
      <div>
        <Button loading={start.isPending} onClick={() => start.mutate()}>
          {demo.status === "failed" ? "Try again" : "Load demo data"}
        </Button>
      </div>
    </div>
  );
}
