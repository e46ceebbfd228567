import { Button } from "@mantine/core";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { ErrorPanel } from "./error-panel.tsx";
import { PageHead } from "./page-head.tsx";

/** What browsers say of a part of the application that they cannot load. */
const NOT_LOADED = /dynamically imported module|importing a module script|preload CSS/i;

/** Shown instead of a page that could not be loaded or drawn. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof Error && NOT_LOADED.test(error.message))
    return (
      <div className="stack" style={{ padding: 24, maxWidth: 720 }}>
        <PageHead title="This page could not be loaded">
          The server has another version by now, or did not answer.
        </PageHead>
        <div>
          <Button onClick={() => location.reload()}>Load it again</Button>
        </div>
      </div>
    );
  return (
    <div className="stack" style={{ padding: 24, maxWidth: 720 }}>
      <PageHead title="This page failed" />
      <ErrorPanel
        what="show this page"
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </div>
  );
}
