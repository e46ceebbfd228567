import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { Command } from "../parts/command.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Notice } from "../parts/notice.tsx";
import { MembershipFields } from "./membership-fields.tsx";
import { inviteUser, type Membership } from "./queries.ts";
import { useSettled } from "./use-settled.ts";

/** Invites by a link: sent by e-mail if there is a mail server, to be passed on else. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [membership, setMembership] = useState<Membership>({ roles: ["Member"], teams: [] });
  const invite = useSettled(() => inviteUser(email.trim(), membership));
  if (invite.data)
    return (
      <Dialog title={`${email.trim()} is invited`} onClose={onClose}>
        <SignInLink
          url={invite.data.signInUrl}
          email={email.trim()}
          isMailed={invite.data.isMailed}
          onDone={onClose}
        />
      </Dialog>
    );
  return (
    <FormDialog
      title="Invite a user"
      what="invite the user"
      submit="Invite"
      write={invite}
      isReady={email.trim() !== ""}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <TextInput
        label="E-mail address"
        type="email"
        required
        data-autofocus
        maxLength={320}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <MembershipFields value={membership} onChange={setMembership} />
    </FormDialog>
  );
}

/** A link that signs somebody in once, to be passed on. */
export function SignInLink({
  url,
  email,
  isMailed = false,
  onDone,
}: {
  url: string;
  email: string;
  isMailed?: boolean;
  onDone: () => void;
}) {
  return (
    <div className="stack">
      <p>
        {isMailed ? "This link was sent to" : "Pass this link on to"} <strong>{email}</strong>. It signs them
        in once, within a day; whoever has it can.
      </p>
      <Command label="sign-in link" text={url} />
      <Notice>
        It is not shown again. A new one can be made from the menu of the user; it ends this one.
      </Notice>
      <div className="row">
        <Button onClick={onDone}>Done</Button>
      </div>
    </div>
  );
}
