import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "../parts/dialog.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { createToken } from "./token-queries.ts";
import { TokenToldOnce } from "./token-told-once.tsx";
import { useSettled } from "./use-settled.ts";

const AREAS = [
  { area: "catalog", label: "Catalog", what: "blueprints, entities, scorecards, pages" },
  { area: "dora", label: "DORA", what: "metrics, evidence, commits, incidents" },
  { area: "actions", label: "Actions", what: "self-service, runs, approvals, automations, alerts" },
  { area: "sources", label: "Data sources", what: "integrations, webhooks, mappings, migrations" },
  {
    area: "settings",
    label: "Settings",
    what: "people, teams, permissions, secrets, audit log; writing makes administrators",
  },
  { area: "scim", label: "SCIM", what: "users and teams, for an identity provider; of administrators only" },
] as const;

const RIGHTS = [
  { value: "none", label: "Nothing" },
  { value: "read", label: "Read" },
  { value: "write", label: "Read and write" },
];

const ENDS = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "never", label: "Never" },
];

/** @param person the service account that it is for; null: oneself */
export function NewTokenDialog({ person, onClose }: { person: string | null; onClose: () => void }) {
  const [name, setName] = useState("");
  const [rights, setRights] = useState<Readonly<Record<string, string>>>({ catalog: "read" });
  const [ends, setEnds] = useState("90");
  const scopes = Object.entries(rights).flatMap(([area, right]) =>
    right === "none" ? [] : [`${area}:${right}`],
  );
  const make = useSettled(createToken);
  return (
    <Dialog title={make.data ? `${name.trim()} is created` : "New token"} onClose={onClose}>
      {make.data ? (
        <TokenToldOnce token={make.data.token.token} onDone={onClose} />
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate({
              name: name.trim(),
              scopes,
              expiresInDays: ends === "never" ? null : Number(ends),
              ...(person !== null && { person }),
            });
          }}
        >
          <TextInput
            label="Name"
            description="Program or device that uses it"
            required
            data-autofocus
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {AREAS.map(({ area, label, what }) => (
            <Select
              key={area}
              label={label}
              description={what}
              allowDeselect={false}
              data={RIGHTS}
              value={rights[area] ?? "none"}
              onChange={(right) => setRights({ ...rights, [area]: right ?? "none" })}
            />
          ))}
          <Select
            label="Ends"
            allowDeselect={false}
            data={ENDS}
            value={ends}
            onChange={(next) => setEnds(next ?? "90")}
          />
          <p className="muted small">
            What {person === null ? "you may" : "the account may"} not do, the token may not either, whatever
            is chosen here. It cannot make other tokens or credentials.
          </p>
          {make.error ? <ErrorPanel what="create the token" error={make.error} /> : null}
          <div className="row">
            <Button
              type="submit"
              loading={make.isPending}
              disabled={name.trim() === "" || scopes.length === 0}
            >
              Create the token
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
