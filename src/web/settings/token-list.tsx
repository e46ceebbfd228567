import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { date } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import { NewTokenDialog } from "./new-token-dialog.tsx";
import { NotYet } from "./not-yet.tsx";
import { ActionsMenu } from "../parts/actions-menu.tsx";
import css from "./settings.module.css";
import { removeToken, rotateToken, type TokenDoc, tokensQuery } from "./token-queries.ts";
import { TokenToldOnce } from "./token-told-once.tsx";
import { useSettled } from "./use-settled.ts";

type Open = { readonly kind: "rotate" | "delete"; readonly token: TokenDoc };

/**
 * Tokens of one person or service account, with what can be done to them.
 * @param of null: oneself
 */
export function TokenList({ of }: { of: string | null }) {
  const tokens = useQuery(tokensQuery(of));
  const [isMaking, setMaking] = useState(false);
  const [open, setOpen] = useState<Open | null>(null);
  if (tokens.data === undefined)
    return <NotYet what="the tokens" error={tokens.error} onRetry={() => void tokens.refetch()} />;
  return (
    <div className="stack">
      {tokens.data.length === 0 ? (
        <Empty isSmall icon={IconKey} title="No tokens yet" />
      ) : (
        <div className="scroll-x" tabIndex={0} role="region" aria-label="Tokens">
          <table className="data stacked">
            <thead>
              <tr>
                <th scope="col">Token</th>
                <th scope="col">May</th>
                <th scope="col">Last used</th>
                <th scope="col">Ends</th>
                <th scope="col" className={css["actions"]}>
                  <span className="sr">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.data.map((token) => (
                <tr key={token.id}>
                  <td>
                    <strong>{token.name}</strong>
                  </td>
                  <td data-label="May">
                    <span className={css["tags"]}>
                      {token.scopes.map((scope) => (
                        <Tag key={scope}>{scope}</Tag>
                      ))}
                    </span>
                  </td>
                  <td data-label="Last used">
                    <span title={token.lastAddress ?? undefined}>
                      {token.lastUsedAt === null ? "never" : <Ago iso={token.lastUsedAt} />}
                    </span>
                  </td>
                  <td data-label="Ends">
                    <Ending at={token.expiresAt} />
                  </td>
                  <td data-label="Actions">
                    <span>
                      <ActionsMenu
                        label={token.name}
                        actions={[
                          { label: "Renew", onChoose: () => setOpen({ kind: "rotate", token }) },
                          {
                            label: "Delete",
                            isDanger: true,
                            onChoose: () => setOpen({ kind: "delete", token }),
                          },
                        ]}
                      />
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div>
        <Button variant="default" onClick={() => setMaking(true)}>
          New token
        </Button>
      </div>
      {isMaking ? <NewTokenDialog person={of} onClose={() => setMaking(false)} /> : null}
      {open?.kind === "rotate" ? <RotateToken token={open.token} onClose={() => setOpen(null)} /> : null}
      {open?.kind === "delete" ? <DeleteToken token={open.token} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}

function Ending({ at }: { at: string | null }) {
  const [now] = useState(() => Date.now());
  if (at === null) return <span>never</span>;
  if (Date.parse(at) <= now) return <Tag tone="bad">ended</Tag>;
  return <time dateTime={at}>{date(at, "UTC")}</time>;
}

interface Props {
  token: TokenDoc;
  onClose: () => void;
}

function RotateToken({ token, onClose }: Props) {
  const rotate = useSettled(() => rotateToken(token.id));
  return (
    <Dialog title={`Renew ${token.name}?`} onClose={onClose}>
      {rotate.data ? (
        <TokenToldOnce token={rotate.data.token.token} onDone={onClose} />
      ) : (
        <div className="stack">
          <p>
            The old token ends at once: what uses it is refused until it has the new one. Its time begins
            anew.
          </p>
          {rotate.error ? <ErrorPanel what="renew the token" error={rotate.error} /> : null}
          <div className="row">
            <Button loading={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
              Renew
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function DeleteToken({ token, onClose }: Props) {
  const removal = useSettled(() => removeToken(token.id), onClose);
  return (
    <ConfirmDelete
      title={`Delete ${token.name}?`}
      identifier={token.name}
      consequence="Programs that use this token are refused at once."
      what="delete the token"
      removal={{ ...removal, mutate: () => removal.mutate(undefined) }}
      onClose={onClose}
    />
  );
}
