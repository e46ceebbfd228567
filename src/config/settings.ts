/** The table of settings. docs/configuration.md must list the same (test/config.test.ts). */

interface Setting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

export const SETTINGS: readonly Setting[] = [
  { name: "FAIRWAY_HOST", default: "127.0.0.1", meaning: "Address to listen on." },
  { name: "FAIRWAY_PORT", default: "3000", meaning: "Port to listen on; 0 takes a free one." },
  {
    name: "FAIRWAY_BASE_URL",
    default: "derived",
    meaning: "Address under which browsers and clients reach the server.",
  },
  {
    name: "FAIRWAY_DATA",
    default: "./.fairway",
    meaning: "Folder of the embedded database, keys and credentials.",
  },
  {
    name: "DATABASE_URL",
    default: "none",
    meaning: "PostgreSQL 15 or newer; without it the embedded database is used.",
  },
  {
    name: "DATABASE_REPLICA_URL",
    default: "none",
    meaning: "A read replica; accepted and kept for later use, all queries go to DATABASE_URL today.",
  },
  {
    name: "FAIRWAY_ROLE",
    default: "all",
    meaning: "What this process does: all, api (answers requests) or worker (background work).",
  },
  {
    name: "FAIRWAY_CLIENT_ID",
    default: "generated",
    meaning: "Client id of the organisation's API credentials.",
  },
  {
    name: "FAIRWAY_CLIENT_SECRET",
    default: "generated",
    meaning: "Client secret of the organisation's API credentials.",
  },
  {
    name: "FAIRWAY_ADMIN_EMAIL",
    default: "none",
    meaning: "E-mail of the administrator; with a password it replaces the one-time link.",
  },
  {
    name: "FAIRWAY_ADMIN_PASSWORD",
    default: "none",
    meaning: "Password of the administrator, at least 12 characters.",
  },
  {
    name: "FAIRWAY_SECRET_KEY",
    default: "generated",
    meaning: "Signs tokens and guards the stored client secret; at least 32 characters.",
  },
  { name: "FAIRWAY_SECRET_KEY_FILE", default: "none", meaning: "A file that holds FAIRWAY_SECRET_KEY." },
  { name: "DATABASE_URL_FILE", default: "none", meaning: "A file that holds DATABASE_URL." },
  {
    name: "FAIRWAY_CLIENT_SECRET_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_CLIENT_SECRET.",
  },
  {
    name: "FAIRWAY_ADMIN_PASSWORD_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_ADMIN_PASSWORD.",
  },
  {
    name: "FAIRWAY_METRICS_TOKEN",
    default: "none",
    meaning: "Bearer token that reads `/metrics`, and nothing else, without end; at least 16 characters.",
  },
  {
    name: "FAIRWAY_METRICS_TOKEN_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_METRICS_TOKEN.",
  },
  {
    name: "FAIRWAY_OIDC_ISSUER",
    default: "none",
    meaning: "OpenID Connect issuer; refused today, single sign-on comes later.",
  },
  { name: "FAIRWAY_OIDC_CLIENT_ID", default: "none", meaning: "Client id at the issuer." },
  { name: "FAIRWAY_OIDC_CLIENT_SECRET", default: "none", meaning: "Client secret at the issuer." },
  {
    name: "FAIRWAY_OUTBOUND_ALLOW",
    default: "none",
    meaning:
      "CIDRs, addresses, host names and *.domains that connectors may ask besides public addresses, separated by commas (10.0.0.0/8,gitlab.corp.example.com). A name is judged by the addresses it has at the moment of the call. Where clouds tell a machine its credentials (169.254.169.254 and the like) only that very address opens.",
  },
  {
    name: "FAIRWAY_FRAME_SOURCES",
    default: "none",
    meaning:
      "Origins whose pages dashboards may embed, such as https://grafana.example.com, separated by commas.",
  },
  {
    name: "FAIRWAY_SMTP_URL",
    default: "none",
    meaning:
      "Mail server for alerts and actions that send e-mail, such as smtps://user:password@mail.example.com; without it none is sent.",
  },
  { name: "FAIRWAY_SMTP_FROM", default: "none", meaning: "Address that e-mail is sent from." },
  {
    name: "FAIRWAY_KAFKA_BROKERS",
    default: "none",
    meaning:
      "Kafka brokers (host:port, separated by commas) that runs of KAFKA actions and changelogs are written to; without them such runs wait to be claimed.",
  },
  { name: "FAIRWAY_KAFKA_TLS", default: "true", meaning: "Whether connections to Kafka are encrypted." },
  {
    name: "FAIRWAY_KAFKA_SASL",
    default: "plain",
    meaning: "plain, scram-sha-256 or scram-sha-512; used where a user name is set.",
  },
  { name: "FAIRWAY_KAFKA_USERNAME", default: "none", meaning: "User name for Kafka." },
  { name: "FAIRWAY_KAFKA_PASSWORD", default: "none", meaning: "Password for Kafka." },
  {
    name: "FAIRWAY_KAFKA_PASSWORD_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_KAFKA_PASSWORD.",
  },
  {
    name: "FAIRWAY_EVENT_RETENTION_DAYS",
    default: "14",
    meaning:
      "Days that events of data sources are kept, for the log, for replays and to recognise repeats and late ones.",
  },
  {
    name: "FAIRWAY_HISTORY_RETENTION_DAYS",
    default: "400",
    meaning: "Days that past values of number properties are kept, for charts of their history.",
  },
  {
    name: "FAIRWAY_RUN_TIMEOUT_HOURS",
    default: "168",
    meaning: "Hours without a report after which a run of an action that others carry out has failed.",
  },
  {
    name: "FAIRWAY_SELF_APPROVAL",
    default: "allow",
    meaning: "allow or forbid: whether approvers may approve of runs that they started themselves.",
  },
  {
    name: "FAIRWAY_RUN_RETENTION_DAYS",
    default: "365",
    meaning: "Days that runs which have ended are kept with their logs, and what alerts told.",
  },
  {
    name: "FAIRWAY_INGEST_MAX_WAITING",
    default: "20000",
    meaning:
      "Events of data sources that may wait for their mapping; beyond that senders are told to come back (429).",
  },
  {
    name: "FAIRWAY_LOG_LEVEL",
    default: "info",
    meaning: "fatal, error, warn, info, debug, trace or silent.",
  },
];
