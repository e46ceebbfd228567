import { Button } from "@mantine/core";
import { deviceName } from "../lib/device-name.ts";
import { Ago } from "../parts/ago.tsx";
import { Tag } from "../parts/tag.tsx";
import type { SessionDoc } from "./account-queries.ts";
import css from "./settings.module.css";

/** Where somebody is signed in. @param onEnd absent: single ones cannot be ended */
export function SessionTable({
  sessions,
  onEnd,
  ending,
}: {
  sessions: readonly SessionDoc[];
  onEnd?: (id: string) => void;
  /** The one that is being ended. */
  ending?: string | undefined;
}) {
  return (
    <div className="scroll-x" tabIndex={0} role="region" aria-label="Sessions, table">
      <table className="data stacked">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Address</th>
            <th scope="col">Signed in</th>
            <th scope="col">Last seen</th>
            {onEnd ? (
              <th scope="col" className={css["actions"]}>
                <span className="sr">Actions</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {sessions.map(({ id, isCurrent, userAgent, address, createdAt, lastSeenAt }) => (
            <tr key={id}>
              <td>
                <span title={userAgent ?? undefined}>{deviceName(userAgent)}</span>{" "}
                {isCurrent ? <Tag tone="good">this one</Tag> : null}
              </td>
              <td data-label="Address">{address ?? "–"}</td>
              <td data-label="Signed in">
                <Ago iso={createdAt} />
              </td>
              <td data-label="Last seen">
                <Ago iso={lastSeenAt} />
              </td>
              {onEnd ? (
                <td>
                  {isCurrent ? null : (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={`End the session of ${deviceName(userAgent)}`}
                      loading={ending === id}
                      onClick={() => onEnd(id)}
                    >
                      End
                    </Button>
                  )}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
