/** What people are told by the portal: words that its log and the list of it share. */

export const NOTIFICATION_KINDS = ["alert", "initiative", "approval", "automation"] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

export const CHANNELS = ["email", "slack", "teams", "webhook", "team-channel"] as const;
export type Channel = (typeof CHANNELS)[number];

export const NOTIFICATION_STATES = ["waiting", "retrying", "delivered", "failed"] as const;
export type NotificationState = (typeof NOTIFICATION_STATES)[number];

/** A line of a run's log ends so when its call failed, and comes again. */
export const TRIED_AGAIN = "; it is tried again";
/** A line of a run's log begins so when approvers were to be told. */
export const WAITS_FOR_APPROVAL = "Waits for approval";
export const NOBODY_TOLD = "nobody was told";
/** Before the status of an answer that says no. */
export const TOLD_BUT = " was told, and answered ";
