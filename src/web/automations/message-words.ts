export const STATE_WORDS: Readonly<Record<string, string>> = {
  delivered: "Delivered",
  failed: "Failed",
  retrying: "Retrying",
  waiting: "Queued",
};

export const KIND_WORDS: Readonly<Record<string, string>> = {
  alert: "Alerts",
  initiative: "Initiatives",
  approval: "Approvals",
  automation: "Automations",
};

export const CHANNEL_WORDS: Readonly<Record<string, string>> = {
  email: "E-mail",
  slack: "Slack",
  teams: "Microsoft Teams",
  webhook: "Webhook",
  "team-channel": "Channel of the team",
};
