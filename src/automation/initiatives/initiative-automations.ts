/** The automations by which an initiative reminds: one for each channel, ordinary documents of `/v1/actions`. */
import type { Initiative } from "../../model/initiative.ts";
import type { JsonObject } from "../../model/json.ts";
import { email, slackMessage, teamsMessage, webhookMessage } from "../alerts/alert-automations.ts";

const CHANNELS = ["email", "slack", "teams", "webhook"] as const;
type Channel = (typeof CHANNELS)[number];

const identifierOf = (initiative: string, channel: Channel): string => `initiative:${initiative}:${channel}`;

/** All identifiers that automations of the initiative may have. */
export const reminderIdentifiers = (initiative: string): readonly string[] =>
  CHANNELS.map((channel) => identifierOf(initiative, channel));

export function remindersOf({ identifier, title, owner, team, recipients }: Initiative): JsonObject[] {
  const { owners, emails, slack, teams, webhook } = recipients;
  const channels: [Channel, JsonObject][] = [];
  if (owner !== null || team !== null || owners || emails.length > 0) channels.push(["email", email()]);
  if (slack !== null) channels.push(["slack", slackMessage(slack)]);
  if (teams !== null) channels.push(["teams", teamsMessage(teams)]);
  if (webhook !== null) channels.push(["webhook", webhookMessage(webhook)]);
  return channels.map(([channel, invocationMethod]) => ({
    identifier: identifierOf(identifier, channel),
    title: `${title} (${channel})`.slice(0, 200),
    description: `Made by the initiative ${identifier}; changed with it.`,
    icon: "Alert",
    trigger: {
      type: "automation",
      event: { type: "ANY_INITIATIVE_CHANGE", initiativeIdentifier: identifier },
    },
    invocationMethod,
    publish: true,
  }));
}
