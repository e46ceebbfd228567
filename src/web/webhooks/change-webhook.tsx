import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { newSecret } from "../lib/new-secret.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { changeWebhook, type Webhook } from "./queries.ts";

/** Another name, and a secret where there is none or another has to be. */
export function ChangeWebhook({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { identifier, security } = webhook;
  const [title, setTitle] = useState(webhook.title);
  const before = security?.secret ?? "";
  const [secret, setSecret] = useState("");
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      changeWebhook(identifier, {
        title,
        // A name alone leaves the secret as it is by then: none, or another than was read here.
        ...(secret !== "" && {
          security: {
            ...security,
            signatureHeaderName: security?.signatureHeaderName ?? "x-fairway-secret",
            signatureAlgorithm: security?.signatureAlgorithm ?? "plain",
            secret,
          },
        }),
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
        label={before === "" ? "Secret" : "New secret"}
        description={`Empty: it stays ${before === "" ? "without one" : "as it is"}. Sent by the system in the header ${security?.signatureHeaderName ?? "x-fairway-secret"}, or signed with: it has to be pasted there too, and what comes without it is refused.`}
        minLength={8}
        autoComplete="new-password"
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      <Button variant="default" size="compact-sm" onClick={() => setSecret(newSecret())}>
        Make one up
      </Button>
    </FormDialog>
  );
}
