import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { newSecret } from "../lib/new-secret.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import css from "../sources/sources.module.css";
import { createFromTemplate, type WebhookTemplate } from "./queries.ts";

/** Makes the webhook of a template; its secret is made here, or pasted where the tool makes one. */
export function WebhookForm({ template }: { template: WebhookTemplate }) {
  const isSigned = template.webhook.security.signatureHeaderName !== undefined;
  const [title, setTitle] = useState(template.title);
  const [secret, setSecret] = useState(() => (isSigned ? newSecret() : ""));
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => createFromTemplate(template, title, isSigned ? secret : null),
    onSuccess: async ({ identifier }) => {
      await client.invalidateQueries({ queryKey: ["webhooks"] });
      void navigate({ to: "/sources/webhooks/$identifier", params: { identifier } });
    },
  });
  return (
    <form
      className={`card stack ${css["form"]}`}
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      {create.error ? <ErrorPanel what="create the webhook" error={create.error} /> : null}
      <p>{template.description}</p>
      <TextInput
        label="Name"
        required
        maxLength={30}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      {isSigned ? (
        <PasswordInput
          label="Secret"
          description="Sent or signed with by the tool. Keep this one, or paste the one that the tool made."
          required
          minLength={8}
          autoComplete="new-password"
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
        />
      ) : null}
      <p className="muted small">{template.help}</p>
      <div className="row">
        <Button type="submit" loading={create.isPending}>
          Create
        </Button>
        <Button component={Link} to="/sources" variant="default">
          Cancel
        </Button>
      </div>
    </form>
  );
}
