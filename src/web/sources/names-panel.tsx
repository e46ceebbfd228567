import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { EntityPick } from "../entity/entity-pick.tsx";
import { plural } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { namesQuery, saveNames, type SourceName } from "./names-queries.ts";

const TO_SERVICE = { title: "Service", target: "service", many: false, required: false } as const;

/**
 * What the system calls services, and which ones those are; names that no service has wait for an answer.
 * `effect` tells when an answer counts.
 */
export function NamesPanel({ base, effect }: { base: string; effect: string }) {
  const table = useQuery(namesQuery(base));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (names: readonly SourceName[]) => saveNames(base, names),
    onSuccess: (answer) => {
      client.setQueryData(namesQuery(base).queryKey, answer);
      return client.invalidateQueries({ queryKey: ["sources"] });
    },
  });
  const [name, setName] = useState("");
  if (table.error)
    return <ErrorPanel what="load the names" error={table.error} onRetry={() => void table.refetch()} />;
  if (table.data === undefined) return <Bone height={160} />;
  const { names, unmatched } = table.data;
  const add = (said: string, identifier: string): void =>
    save.mutate([
      ...names.filter((one) => one.name !== said || one.blueprint !== "service"),
      { name: said, blueprint: "service", identifier },
    ]);
  return (
    <section className="card stack" aria-labelledby="names">
      <h2 id="names">Names of services</h2>
      <p className="muted small">
        Where the system calls a service otherwise than its title or aliases, say here which one it means.{" "}
        {effect}
      </p>
      {save.error ? <ErrorPanel what="save the names" error={save.error} /> : null}
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Names">
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Name in the system</th>
              <th scope="col">Service</th>
              <th scope="col">
                <span className="sr">Action</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {unmatched.map((one) => (
              <tr key={one.name}>
                <td>
                  {one.name}{" "}
                  <span className="muted small">
                    {plural(one.entities, "entity", "entities")} without a service
                  </span>
                </td>
                <td data-label="Service">
                  <ServicePick label={one.name} onPick={(identifier) => add(one.name, identifier)} />
                </td>
                <td />
              </tr>
            ))}
            {names.map((one) => (
              <tr key={`${one.blueprint} ${one.name}`}>
                <td>{one.name}</td>
                <td data-label="Service">
                  {one.identifier}
                  {one.blueprint === "service" ? null : <span className="muted"> ({one.blueprint})</span>}
                </td>
                <td>
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={save.isPending}
                    aria-label={`Forget ${one.name}`}
                    onClick={() => save.mutate(names.filter((other) => other !== one))}
                  >
                    Forget
                  </Button>
                </td>
              </tr>
            ))}
            <tr>
              <td>
                <TextInput
                  aria-label="Another name"
                  placeholder="Another name"
                  size="sm"
                  maxLength={500}
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                />
              </td>
              <td data-label="Service">
                {name.trim() === "" ? (
                  <span className="muted small">Type a name first.</span>
                ) : (
                  <ServicePick
                    label={name.trim()}
                    onPick={(identifier) => {
                      add(name.trim(), identifier);
                      setName("");
                    }}
                  />
                )}
              </td>
              <td />
            </tr>
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ServicePick({ label, onPick }: { label: string; onPick: (identifier: string) => void }) {
  return (
    <EntityPick
      id="service"
      relation={{ ...TO_SERVICE, title: `Service that ${label} means` }}
      value={undefined}
      onChange={(value) => {
        if (typeof value === "string" && value !== "") onPick(value);
      }}
    />
  );
}
