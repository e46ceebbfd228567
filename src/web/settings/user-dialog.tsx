import { Button } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
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
    <Dialog title={user.name} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged) save.mutate(undefined);
        }}
      >
        {user.name === user.email ? null : <p className="muted">{user.email}</p>}
        {save.error ? <ErrorPanel what="save the user" error={save.error} /> : null}
        <MembershipFields value={membership} onChange={setMembership} />
        <div className="row">
          <Button type="submit" loading={save.isPending} disabled={!isChanged}>
            Save
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          {isChanged ? null : <span className="muted small">Nothing is changed.</span>}
        </div>
      </form>
    </Dialog>
  );
}
