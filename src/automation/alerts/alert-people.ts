/** Whom an alert tells. */
import type { Alert } from "../../model/alert.ts";
import type { Entity } from "../../model/entity.ts";
import type { Ctx } from "../../storage/context.ts";
import { readMembers, readTeams, readUsers } from "../../storage/people.ts";
import type { AlertPeople } from "./alert-message.ts";
import type { Subject } from "./alert-samples.ts";

/**
 * Who owns the subjects: members of their teams; of the organisation as a whole its administrators.
 * @param allTeams where they are asked for many times
 */
export async function peopleOf(
  ctx: Ctx,
  alert: Alert,
  subjects: readonly Subject[],
  allTeams: () => Promise<readonly Entity[]> = () => readTeams(ctx.db, ctx.org),
): Promise<AlertPeople> {
  const { owners, managers, emails, teamChannel } = alert.recipients;
  const teams = [...new Set(subjects.flatMap((subject) => subject.teams))];
  const isOfAll = subjects.some(({ blueprint }) => blueprint === null);
  const found = new Set(emails);
  if ((owners || managers) && (teams.length > 0 || isOfAll)) {
    const members = isOfAll
      ? (await readUsers(ctx.db, ctx.org)).filter(isAdministrator)
      : await readMembers(ctx.db, ctx.org, teams);
    for (const user of members)
      if (isReachable(user) && (owners || isManager(user))) found.add(user.identifier);
  }
  const channels = new Set<string>();
  if (teamChannel !== null && teams.length > 0)
    for (const team of await allTeams()) {
      const channel = teams.includes(team.identifier) ? team.properties[teamChannel] : undefined;
      if (typeof channel === "string" && channel !== "") channels.add(channel);
    }
  return { emails: [...found].sort(), teamChannels: [...channels].sort() };
}

const isAdministrator = ({ properties }: Entity): boolean => properties["port_role"] === "Admin";
const isManager = ({ properties }: Entity): boolean =>
  properties["port_role"] === "Admin" || properties["port_role"] === "Moderator";
const isReachable = ({ properties }: Entity): boolean =>
  properties["status"] !== "Disabled" && properties["port_type"] !== "Service Account";
