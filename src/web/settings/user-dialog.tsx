import { useState } from "react";
import { FormDialog } from "../parts/form-dialog.tsx";
import { MembershipFields } from "./membership-fields.tsx";
import { changeUser, type Membership, type UserDoc } from "./queries.ts";
import { useSettled } from "./use-settled.ts";

/** Roles and teams of one user or service account. */
export function UserDialog({ user, onClose }: { user: UserDoc; onClose: () => void }) {
  const [before] = useState<Membership>(() => ({
    roles: user.roles.map(({ name }) => name),
    teams: user.teams.map(({ name }) => name),
  }));
  const [membership, setMembership] = useState(before);
  const save = useSettled(() => changeUser(user.email, membership), onClose);
  const isChanged = JSON.stringify(before) !== JSON.stringify(membership);
  return (
    <FormDialog
      title={user.name}
      what="save the user"
      submit="Save"
      write={save}
      isReady={isChanged}
      onSubmit={() => save.mutate()}
      onClose={onClose}
      note={isChanged ? null : <span className="muted small">Nothing is changed.</span>}
    >
      {user.name === user.email ? null : <p className="muted">{user.email}</p>}
      <MembershipFields value={membership} onChange={setMembership} />
    </FormDialog>
  );
}
