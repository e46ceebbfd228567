import { PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newSecret } from "../lib/new-secret.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { changeWebhook, type Webhook } from "./queries.ts";

/** Another name, and a secret where there is none or another has to be. */
export function ChangeWebhook({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { identifier, security } = webhook;
  const [title, setTitle] = useState(webhook.title);
  const [secret, setSecret] = useState(() => security?.secret ?? newSecret());
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      changeWebhook(identifier, {
        title,
        security: {
          signatureHeaderName: security?.signatureHeaderName ?? "x-fairway-secret",
          signatureAlgorithm: security?.signatureAlgorithm ?? "plain",
          secret,
        },
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["webhooks"] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Change ${webhook.title}`}
      what="change the webhook"
      submit="Save"
      write={save}
      isReady={title.trim() !== ""}
      onSubmit={() => save.mutate()}
      onClose={onClose}
      autoComplete="off"
    >
      <TextInput
        label="Name"
        data-autofocus
        required
        maxLength={30}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <PasswordInput
        label="Secret"
        description={`Sent by the system in the header ${security?.signatureHeaderName ?? "x-fairway-secret"}, or signed with. Another one has to be pasted there too: what it sends meanwhile is refused.`}
        required
        minLength={8}
        autoComplete="new-password"
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
