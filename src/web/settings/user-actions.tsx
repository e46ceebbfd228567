import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { ActDialog } from "../parts/act-dialog.tsx";
import { ConfirmDelete } from "../parts/confirm-delete.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { SignInLink } from "./invite-dialog.tsx";
import { changeStatus, makeSignInLink, removeUser, renewCredentials, type UserDoc } from "./queries.ts";
import { ResetSecondFactor } from "./reset-second-factor.tsx";
import { ToldOnce } from "./told-once.tsx";
import { useSettled } from "./use-settled.ts";
import { NewPasswordLink, UserSessions } from "./user-sessions.tsx";

interface Props {
  user: UserDoc;
  onClose: () => void;
}

export type UserAction = "status" | "link" | "password" | "sessions" | "factor" | "credentials" | "delete";

/** What is done with a user or a service account, asked once. */
export function UserActionDialog({ kind, user, onClose }: Props & { kind: UserAction }) {
  switch (kind) {
    case "status":
      return <DeactivateUser user={user} onClose={onClose} />;
    case "link":
      return <NewSignInLink user={user} onClose={onClose} />;
    case "password":
      return <NewPasswordLink user={user} onClose={onClose} />;
    case "sessions":
      return <UserSessions user={user} onClose={onClose} />;
    case "factor":
      return <ResetSecondFactor user={user} onClose={onClose} />;
    case "credentials":
      return <NewCredentials user={user} onClose={onClose} />;
    default:
      return <DeleteUser user={user} onClose={onClose} />;
  }
}

/** Deletes a user or a service account. */
function DeleteUser({ user, onClose }: Props) {
  const [isErased, setErased] = useState(false);
  const removal = useSettled(() => removeUser(user.email, isErased), onClose);
  return (
    <ConfirmDelete
      title={`Delete ${user.name}?`}
      identifier={user.email}
      consequence="Sessions, personal credentials, tokens and permissions go with them; what they made stays."
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

/** Sessions and tokens end with it; it can be taken back. */
function DeactivateUser({ user, onClose }: Props) {
  const isOff = user.status === "Disabled";
  const change = useSettled(() => changeStatus(user.email, isOff ? "Active" : "Disabled"), onClose);
  const act = isOff ? "Activate" : "Deactivate";
  return (
    <ActDialog
      title={`${act} ${user.name}?`}
      size={460}
      what={`${act.toLowerCase()} the user`}
      act={act}
      isDanger={!isOff}
      write={change}
      onClose={onClose}
    >
      <p>
        {isOff
          ? "They may sign in again, with the roles and teams they had."
          : "They can no longer sign in; their sessions and tokens end at once. Roles and teams are kept, so that they can be activated again."}
      </p>
    </ActDialog>
  );
}

/** Makes a link that signs somebody in once. */
function NewSignInLink({ user, onClose }: Props) {
  const make = useSettled(() => makeSignInLink(user.email));
  const title = `Sign-in link for ${user.name}`;
  return make.data ? (
    <Dialog title={title} onClose={onClose}>
      <SignInLink url={make.data.signInUrl} email={user.email} onDone={onClose} />
    </Dialog>
  ) : (
    <ActDialog title={title} what="create the link" act="Create the link" write={make} onClose={onClose}>
      <p>A new link signs them in once, within a day. Links made before end with it.</p>
    </ActDialog>
  );
}

/** New credentials of a person or a service account; old ones end. */
export function NewCredentials({ user, onClose }: Props) {
  const make = useSettled(() => renewCredentials(user.email));
  const title = `Personal credentials of ${user.name}`;
  return make.data ? (
    <Dialog title={title} onClose={onClose}>
      <ToldOnce credentials={make.data.credentials} onDone={onClose} />
    </Dialog>
  ) : (
    <ActDialog
      title={title}
      what="create personal credentials"
      act="Create new credentials"
      write={make}
      onClose={onClose}
    >
      <p>
        The client id stays and the secret is new. What uses the old secret is refused from now on, and its
        tokens end at once.
      </p>
    </ActDialog>
  );
}
