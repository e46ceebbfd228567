import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { setupQuery } from "../api/queries.ts";
import { HomeOverview } from "../home/home-overview.tsx";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { StartScreen } from "../start/start-screen.tsx";

/** The start screen while the portal is empty, otherwise the overview. */
export function HomePage() {
  const setup = useQuery(setupQuery);
  // Whoever watches the first data arrive stays on the start screen until they leave it.
  const [watching, setWatching] = useState(false);
  if (setup.data?.empty && !watching) setWatching(true);

  if (setup.data)
    return watching ? (
      <StartScreen setup={setup.data} />
    ) : (
      <HomeOverview services={setup.data.counts.services} />
    );
  return (
    <div className="stack" aria-busy={!setup.error}>
      <PageHead title="Home" />
      {setup.error ? (
        <ErrorPanel what="load the portal's state" error={setup.error} onRetry={() => void setup.refetch()} />
      ) : (
        <>
          <SlowNote what="the overview" />
          <Bone height={146} />
          <Bone height={320} />
        </>
      )}
    </div>
  );
}
