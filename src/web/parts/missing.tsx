import type { ReactNode } from "react";
import { Empty } from "./empty.tsx";

/**
 * Something that an address names is gone, or its reader may not see it: which of the two is not said to everybody.
 * @param what as the reader knows it: “ledger-api”, “the deployment”
 * @param children ways on from here
 */
export function Missing({ what, children }: { what: string; children?: ReactNode }) {
  return (
    <Empty title={`${what.charAt(0).toUpperCase()}${what.slice(1)} isn’t there, or you may not see it.`}>
      <p>It may have been deleted or renamed, or an administrator can give you the right to read it.</p>
      {children === undefined ? null : <p>{children}</p>}
    </Empty>
  );
}
