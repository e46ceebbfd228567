import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../api/queries.ts";
import type { EntityDoc } from "../catalog/blueprint.ts";
import { entityQuery } from "../catalog/queries.ts";
import { formUserQuery } from "./queries.ts";
import { type FormFacts, type FormState, needsJq, settleForm } from "./settle-form.ts";
import type { UserInputsDoc } from "./types.ts";

/** The engine is as large as all pages together; it comes when a form has an expression. */
const jqQuery = {
  queryKey: ["jq"],
  queryFn: () => import("../../jq/index.ts"),
  staleTime: Number.POSITIVE_INFINITY,
  structuralSharing: false,
} as const;

interface ActionForm {
  readonly state: FormState;
  readonly sent: Readonly<Record<string, unknown>>;
  readonly change: (key: string, value: unknown) => void;
  /** Expressions cannot be settled yet. */
  readonly isPending: boolean;
  readonly error: Error | null;
}

/** What is filled in of a form, and the form as it is for that. */
export function useActionForm(
  form: UserInputsDoc,
  entity: EntityDoc | null,
  initial: Readonly<Record<string, unknown>>,
): ActionForm {
  const [sent, setSent] = useState(initial);
  const [now] = useState(() => Date.now() / 1000);
  const withJq = needsJq(form);
  const jq = useQuery({ ...jqQuery, enabled: withJq });
  const user = useFormUser(withJq);
  const facts: Omit<FormFacts, "entityOf"> = { sent, entity, user: user.data ?? null, now };
  const engine = jq.data ?? null;
  const bare = settleForm(engine, form, { ...facts, entityOf: () => undefined });
  const named = withJq ? bare.named : [];
  const entities = useQueries({ queries: named.map(({ blueprint, id }) => entityQuery(blueprint, id)) });
  const read = new Map(
    named.map(({ blueprint, id }, index) => [`${blueprint}/${id}`, entities[index]?.data] as const),
  );
  return {
    state:
      named.length === 0
        ? bare
        : settleForm(engine, form, {
            ...facts,
            entityOf: (blueprint, id) => read.get(`${blueprint}/${id}`),
          }),
    sent,
    change: (key, value) => setSent((before) => ({ ...before, [key]: value ?? null })),
    isPending: withJq && (jq.data === undefined || user.isPending),
    error: jq.error,
  };
}

/** In the shape of the server's own (`.user`). */
function useFormUser(enabled: boolean) {
  const email = useQuery(meQuery).data?.user.email ?? "";
  const read = useQuery({ ...formUserQuery(email), enabled: enabled && email !== "", retry: false });
  if (read.data === undefined)
    return { data: { email, roles: [], teams: [] }, isPending: enabled && !read.error };
  const { name = "", roles = [], teams = [] } = read.data;
  const [firstName = "", ...rest] = name.trim().split(/\s+/);
  const data = {
    id: email,
    email,
    name,
    firstName,
    lastName: rest.join(" "),
    status: "ACTIVE",
    roles: roles.map((role) => ({ name: role.name })),
    mainRole: roles.some((role) => role.name === "Admin") ? "Admin" : "Member",
    teams: teams.map((team) => ({ name: team.name, provider: "port" })),
    teamsIdentifiers: teams.map((team) => team.name),
  };
  return { data, isPending: false };
}
