import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { ErrorPanel } from "./error-panel.tsx";
import { PageHead } from "./page-head.tsx";

/** Shown instead of a page that could not be loaded or drawn. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
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
