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
    meaning:
      "A read replica (streaming, of the same database) that searches and numbers of people's pages are read from while it is up to date.",
  },
  {
    name: "DATABASE_DIRECT_URL",
    default: "none",
    meaning:
      "The database past a pooler that shares connections between transactions, when DATABASE_URL leads through one: notifications and locks of sessions.",
  },
  {
    name: "FAIRWAY_ROLE",
    default: "all",
    meaning: "What this process does: all, api (answers requests) or worker (background work).",
  },
  {
    name: "FAIRWAY_STOP_DELAY_SECONDS",
    default: "off",
    meaning:
      "Seconds, at most 60, that a process which is told to end goes on answering, while `/readyz` says 503, so that a proxy sends requests elsewhere before it stops listening.",
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
    meaning: "Signs tokens, encrypts stored secrets and guards client secrets; at least 32 characters.",
  },
  {
    name: "FAIRWAY_SECRET_KEY_OLD",
    default: "none",
    meaning: "Keys of before, separated by spaces: a start encrypts with FAIRWAY_SECRET_KEY what they open.",
  },
  {
    name: "FAIRWAY_SECRET_KEY_OLD_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_SECRET_KEY_OLD.",
  },
  {
    name: "FAIRWAY_NEW_SECRET_KEY",
    default: "false",
    meaning:
      "With true a server starts although its secret key opens nothing that is stored, because the right one is lost; take it away when the secrets are entered again.",
  },
  { name: "FAIRWAY_SECRET_KEY_FILE", default: "none", meaning: "A file that holds FAIRWAY_SECRET_KEY." },
  {
    name: "DATABASE_REPLICA_URL_FILE",
    default: "none",
    meaning: "A file that holds DATABASE_REPLICA_URL.",
  },
  {
    name: "DATABASE_DIRECT_URL_FILE",
    default: "none",
    meaning: "A file that holds DATABASE_DIRECT_URL.",
  },
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
    meaning:
      "OpenID Connect issuer, for single sign-on; its redirect address is FAIRWAY_BASE_URL and /auth/sso/callback.",
  },
  { name: "FAIRWAY_OIDC_CLIENT_ID", default: "none", meaning: "Client id at the issuer." },
  { name: "FAIRWAY_OIDC_CLIENT_SECRET", default: "none", meaning: "Client secret at the issuer." },
  {
    name: "FAIRWAY_OIDC_CLIENT_SECRET_FILE",
    default: "none",
    meaning: "A file that holds FAIRWAY_OIDC_CLIENT_SECRET.",
  },
  {
    name: "FAIRWAY_OIDC_NAME",
    default: "single sign-on",
    meaning: "What the button calls the issuer, at most 40 characters.",
  },
  {
    name: "FAIRWAY_OIDC_SCOPES",
    default: "openid profile email",
    meaning: "Scopes that are asked for, separated by a space; some issuers want one for groups.",
  },
  { name: "FAIRWAY_OIDC_GROUPS_CLAIM", default: "groups", meaning: "The claim that lists groups." },
  {
    name: "FAIRWAY_OIDC_ADMIN_GROUPS",
    default: "none",
    meaning:
      "Groups whose members are administrators, separated by commas; everybody else is none. Without it the issuer does not touch roles.",
  },
  {
    name: "FAIRWAY_OIDC_TEAM_GROUPS",
    default: "none",
    meaning:
      "Which group is which team, such as sre=Platform,pay=Payments; `*`: each group is the team of its name, and nobody is in others. Without it the issuer does not touch teams.",
  },
  {
    name: "FAIRWAY_OIDC_CREATE_USERS",
    default: "true",
    meaning: "Whether somebody whom the issuer knows and nobody invited gets an account as a member.",
  },
  {
    name: "FAIRWAY_OIDC_TRUST_EMAIL",
    default: "false",
    meaning:
      "Whether e-mail addresses count as verified when the issuer says nothing about it; only for issuers that give addresses of your own organisation.",
  },
  {
    name: "FAIRWAY_LOCAL_SIGN_IN",
    default: "true",
    meaning:
      "With false, passwords and links are for FAIRWAY_ADMIN_EMAIL only, who can come in when the issuer is away. Set to true, who comes by the issuer may choose a password besides.",
  },
  {
    name: "FAIRWAY_SESSION_HOURS",
    default: "336",
    meaning: "Hours after which somebody who is signed in on the web signs in again, at most 8760.",
  },
  {
    name: "FAIRWAY_SESSION_IDLE_MINUTES",
    default: "4320",
    meaning:
      "Minutes without anybody at the page after which they sign in again; what open pages ask by themselves does not count.",
  },
  {
    name: "FAIRWAY_ADMIN_SESSION_IDLE_MINUTES",
    default: "none",
    meaning: "The same for administrators, if it is to be less, such as 30.",
  },
  {
    name: "FAIRWAY_SIGN_IN_AGAIN_MINUTES",
    default: "120",
    meaning:
      "Minutes from signing in after which they sign in again before they make tokens, credentials or secrets, let people in or change them; off: never.",
  },
  {
    name: "FAIRWAY_RATE_LIMIT",
    default: "600000",
    meaning:
      "Requests in five minutes of one person or one set of API credentials, in each process, beyond which they are told to come back (429); off: none. Deliveries to webhooks are not counted.",
  },
  {
    name: "FAIRWAY_RATE_LIMIT_ADDRESS",
    default: "3000",
    meaning:
      "The same of one address for requests that prove nothing, counted apart: signing in and fetching tokens, pages that open, anything else (wrong tokens); of IPv6 of one network of 64 bits. off: none.",
  },
  {
    name: "FAIRWAY_OUTBOUND_ALLOW",
    default: "none",
    meaning:
      "CIDRs, addresses, host names and *.domains that connectors may ask besides public addresses, separated by commas (10.0.0.0/8,gitlab.corp.example.com). A name is judged by the addresses it has at the moment of the call. Where clouds tell a machine its credentials (169.254.169.254 and the like) only that very address opens.",
  },
  {
    name: "FAIRWAY_TRUSTED_PROXIES",
    default: "none",
    meaning:
      "Addresses and CIDRs of proxies in front of Fairway, separated by commas: what they say in X-Forwarded-For is taken for the address of who asks, in limits and in lists of sessions.",
  },
  {
    name: "FAIRWAY_SECURITY_CONTACT",
    default: "none",
    meaning:
      "Whom to tell of a weakness, such as mailto:security@example.com, the preferred first, separated by commas; `/.well-known/security.txt` says it (RFC 9116).",
  },
  {
    name: "FAIRWAY_SECURITY_POLICY",
    default: "none",
    meaning: "An https address that says how reports are dealt with; it is in security.txt too.",
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
      "Mail server for invitations, new passwords, alerts and actions that send e-mail, such as smtps://user:password@mail.example.com; without it none is sent.",
  },
  { name: "FAIRWAY_SMTP_URL_FILE", default: "none", meaning: "A file that holds FAIRWAY_SMTP_URL." },
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
    name: "FAIRWAY_AUDIT_RETENTION_DAYS",
    default: "none",
    meaning: "Days that the audit log and the history of entities are kept; without it, for ever.",
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
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    default: "none",
    meaning:
      "Collector that traces are sent to, such as http://localhost:4318; `/v1/traces` is added. Without it nothing is traced.",
  },
  {
    name: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    default: "none",
    meaning: "The same for traces only, as it is.",
  },
  {
    name: "OTEL_EXPORTER_OTLP_PROTOCOL",
    default: "http/protobuf",
    meaning: "http/protobuf or http/json; there is no grpc.",
  },
  {
    name: "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    default: "none",
    meaning: "The same for traces only.",
  },
  {
    name: "OTEL_TRACES_EXPORTER",
    default: "otlp",
    meaning: "otlp or none; set to otlp, traces go to http://localhost:4318 without an endpoint.",
  },
  {
    name: "OTEL_TRACES_SAMPLER",
    default: "parentbased_always_on",
    meaning:
      "always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off or parentbased_traceidratio.",
  },
  {
    name: "OTEL_TRACES_SAMPLER_ARG",
    default: "none",
    meaning: "Share of traces that are kept, from 0 to 1; the samplers of a ratio need it.",
  },
  { name: "OTEL_SDK_DISABLED", default: "false", meaning: "With true nothing is traced." },
  {
    name: "FAIRWAY_LOG_LEVEL",
    default: "info",
    meaning: "fatal, error, warn, info, debug, trace or silent.",
  },
];
