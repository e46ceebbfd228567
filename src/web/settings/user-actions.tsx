import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { SignInLink } from "./invite-dialog.tsx";
import { changeStatus, makeSignInLink, removeUser, renewCredentials, type UserDoc } from "./queries.ts";
import { ToldOnce } from "./told-once.tsx";
import { useSettled } from "./use-settled.ts";

interface Props {
  user: UserDoc;
  onClose: () => void;
}

/** Sessions and tokens end with it; it can be taken back. */
export function DeactivateUser({ user, onClose }: Props) {
  const isOff = user.status === "Disabled";
  const change = useSettled(() => changeStatus(user.email, isOff ? "Active" : "Disabled"), onClose);
  return (
    <Dialog title={`${isOff ? "Activate" : "Deactivate"} ${user.name}?`} size={460} onClose={onClose}>
      <div className="stack">
        <p>
          {isOff
            ? "They may sign in again, with the roles and teams they had."
            : "They can no longer sign in; their sessions and tokens end at once. Roles and teams are kept, so that they can be activated again."}
        </p>
        {change.error ? (
          <ErrorPanel what={`${isOff ? "activate" : "deactivate"} the user`} error={change.error} />
        ) : null}
        <div className="row">
          <Button
            color={isOff ? "fairway" : "red"}
            loading={change.isPending}
            onClick={() => change.mutate(undefined)}
          >
            {isOff ? "Activate" : "Deactivate"}
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Deletes a user or a service account. */
export function DeleteUser({ user, onClose }: Props) {
  const [isErased, setErased] = useState(false);
  const removal = useSettled(() => removeUser(user.email, isErased), onClose);
  return (
    <ConfirmDelete
      title={`Delete ${user.name}?`}
      identifier={user.email}
      consequence="Sessions, credentials, tokens and permissions go with them; what they made stays."
      what="delete the user"
      removal={{ ...removal, mutate: () => removal.mutate(undefined) }}
      onClose={onClose}
    >
      <Checkbox
        label="Erase who they were"
        description="A pseudonym takes the place of their name and address in history, audit log and runs. This cannot be taken back."
        checked={isErased}
        onChange={(event) => setErased(event.currentTarget.checked)}
      />
    </ConfirmDelete>
  );
}

/** Makes a link that signs somebody in once. */
export function NewSignInLink({ user, onClose }: Props) {
  const make = useSettled(() => makeSignInLink(user.email));
  return (
    <Dialog title={`Sign-in link for ${user.name}`} onClose={onClose}>
      {make.data ? (
        <SignInLink url={make.data.signInUrl} email={user.email} onDone={onClose} />
      ) : (
        <div className="stack">
          <p>A new link signs them in once, within a day. Links made before end with it.</p>
          {make.error ? <ErrorPanel what="make the link" error={make.error} /> : null}
          <div className="row">
            <Button loading={make.isPending} onClick={() => make.mutate(undefined)}>
              Make the link
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

/** New credentials of a person or a service account; old ones end. */
export function NewCredentials({ user, onClose }: Props) {
  const make = useSettled(() => renewCredentials(user.email));
  return (
    <Dialog title={`Credentials of ${user.name}`} onClose={onClose}>
      {make.data ? (
        <ToldOnce credentials={make.data.credentials} onDone={onClose} />
      ) : (
        <div className="stack">
          <p>
            The client id stays and the secret is new. What uses the old secret is refused from now on, and
            its tokens end at once.
          </p>
          {make.error ? <ErrorPanel what="make credentials" error={make.error} /> : null}
          <div className="row">
            <Button loading={make.isPending} onClick={() => make.mutate(undefined)}>
              Make new credentials
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
