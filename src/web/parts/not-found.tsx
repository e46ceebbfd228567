import { Link } from "@tanstack/react-router";
import { Empty } from "./empty.tsx";
import { PageHead } from "./page-head.tsx";

/** Within the frame of the portal. */
export function NothingHere() {
  return (
    <div className="stack">
      <PageHead title="Page not found" />
      <Empty title="There is nothing at this address.">
        <p>
          Go to the <Link to="/">home page</Link> or to the <Link to="/dora">DORA metrics</Link>.
        </p>
      </Empty>
    </div>
  );
}

/** Where there is no frame. */
export function NotFound() {
  return (
    <main style={{ padding: 24 }}>
      <NothingHere />
    </main>
  );
}
