import { Link } from "@tanstack/react-router";
import { Empty } from "./empty.tsx";
import { PageHead } from "./page-head.tsx";

export function NotFound() {
  return (
    <main className="stack" style={{ padding: 24 }}>
      <PageHead title="Page not found" />
      <Empty title="There is nothing at this address.">
        <p>
          Go to the <Link to="/">home page</Link> or to the <Link to="/dora">DORA metrics</Link>.
        </p>
      </Empty>
    </main>
  );
}
