/** The automations that an alert is: one for each channel, ordinary documents of `/v1/actions` (ADR 26). */
import type { Alert } from "../../model/alert.ts";
import type { JsonObject } from "../../model/json.ts";

const STATE = ".event.diff.after";

const CHANNELS = ["email", "slack", "teams", "webhook", "team-channel"] as const;
type Channel = (typeof CHANNELS)[number];

const identifierOf = (alert: string, channel: Channel): string => `alert:${alert}:${channel}`;

/** All identifiers that automations of the alert may have. Alerts may have colons in theirs: a prefix would say too much. */
export const automationIdentifiers = (alert: string): readonly string[] =>
  CHANNELS.map((channel) => identifierOf(alert, channel));

export function automationsOf(alert: Alert): JsonObject[] {
  const { recipients, resolved, digest } = alert;
  const { slack, teams, webhook, teamChannel, teamChannelFormat } = recipients;
  const told = digest !== null ? "ALERT_DIGEST" : resolved ? "ANY_ALERT_CHANGE" : "ALERT_FIRED";
  const channels: [Channel, string, JsonObject][] = [];
  if (recipients.owners || recipients.managers || recipients.emails.length > 0)
    channels.push(["email", told, email()]);
  if (slack !== null) channels.push(["slack", told, slackMessage(slack)]);
  if (teams !== null) channels.push(["teams", told, teamsMessage(teams)]);
  if (webhook !== null) channels.push(["webhook", told, webhookMessage(webhook)]);
  if (teamChannel !== null) {
    const url = `{{ ${STATE}.channel }}`;
    const invocation = teamChannelFormat === "slack" ? slackMessage(url) : teamsMessage(url);
    channels.push(["team-channel", "ALERT_TEAM", invocation]);
  }
  return channels.map(([channel, type, invocationMethod]) => ({
    identifier: identifierOf(alert.identifier, channel),
    title: `${alert.title} (${channel})`.slice(0, 200),
    description: `Made by the alert ${alert.identifier}; changed with it.`,
    icon: "Alert",
    trigger: { type: "automation", event: { type, alertIdentifier: alert.identifier } },
    invocationMethod,
    publish: alert.enabled,
  }));
}

/** Messages of events that say `message`, `recipients` and `evidenceUrl` in their new state. */
export const email = (): JsonObject => ({
  type: "EMAIL",
  to: `{{ ${STATE}.recipients.emails }}`,
  subject: `{{ ${STATE}.message.title }}`,
  text: `{{ ${STATE}.message.text }}`,
});

export const slackMessage = (url: string): JsonObject => ({
  type: "SLACK",
  url,
  synchronized: true,
  body: { text: `{{ ${STATE}.message.text }}` },
});

/** A message with an adaptive card, as webhooks of Teams' workflows take them. */
export const teamsMessage = (url: string): JsonObject => ({
  type: "WEBHOOK",
  url,
  synchronized: true,
  body: {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            {
              ...{ type: "TextBlock", size: "Medium", weight: "Bolder", wrap: true },
              text: `{{ ${STATE}.message.title }}`,
            },
            { type: "TextBlock", wrap: true, text: `{{ ${STATE}.message.sentence }}` },
          ],
          actions: [{ type: "Action.OpenUrl", title: "Evidence", url: `{{ ${STATE}.evidenceUrl }}` }],
        },
      },
    ],
  },
});

export const webhookMessage = (url: string): JsonObject => ({
  type: "WEBHOOK",
  url,
  synchronized: true,
  body: {
    transition: "{{ .event.action }}",
    at: "{{ .event.trigger.at }}",
    "{{ spreadValue() }}": `{{ ${STATE} | del(.channel) }}`,
  },
});
