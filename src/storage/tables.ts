/** The tables as kysely sees them; the truth is migrations/. */
import type { ColumnType, Generated } from "kysely";

/** Read as an object, written as JSON text (`JSON.stringify`), so that both drivers treat it alike. */
export type Json<T> = ColumnType<T, string, string>;
type Xid = ColumnType<string, string | undefined, never>;

export interface Tables {
  organization: {
    id: string;
    name: string;
    created_at: Generated<Date>;
    settings: ColumnType<Record<string, unknown>, string | undefined, string>;
    announcement: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
    /** What is asked of those who sign in. */
    security: ColumnType<Record<string, unknown>, string | undefined, string>;
    /** See derived-drift.ts. */
    derived_drift: number | null;
  };
  secret: {
    org: string;
    name: string;
    description: string | null;
    ciphertext: Uint8Array;
    created_at: Date;
    created_by: string;
    updated_at: Date;
    updated_by: string;
  };
  credential: {
    org: string;
    client_id: string;
    secret_hash: string;
    name: string;
    created_at: Generated<Date>;
    configured: Generated<boolean>;
    enabled: Generated<boolean>;
    updated_at: Generated<Date>;
    /** E-mail of a `_user` entity; null: API credentials. */
    person: ColumnType<string | null, string | null | undefined, never>;
  };
  account: {
    org: string;
    email: string;
    name: string;
    password_hash: string | null;
    role: string;
    created_at: Generated<Date>;
    configured: Generated<boolean>;
    /** null: the password is the one of the configuration. */
    password_set_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  };
  sign_in_link: {
    org: string;
    token_hash: string;
    email: string;
    expires_at: Date;
    used_at: Date | null;
    /** "sign-in" or "password". */
    purpose: Generated<string>;
  };
  web_session: {
    org: string;
    token_hash: string;
    email: string;
    created_at: Generated<Date>;
    expires_at: Date;
    id: Generated<string>;
    user_agent: string | null;
    address: string | null;
    last_seen_at: Generated<Date>;
    /** "local" or "sso". */
    method: Generated<string>;
  };
  second_factor: {
    org: string;
    email: string;
    secret: Uint8Array;
    created_at: Date;
    confirmed_at: Date | null;
    /** A bigint, which drivers give as text. */
    last_step: Generated<string>;
    recovery_hashes: Generated<string[]>;
    failures: Generated<number>;
    locked_until: Date | null;
  };
  api_token: {
    org: string;
    id: string;
    token_hash: string;
    name: string;
    person: string;
    scopes: string[];
    created_at: Date;
    created_by: string;
    rotated_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    /** null: it does not end. */
    expires_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    last_used_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    last_address: ColumnType<string | null, string | null | undefined, string | null>;
  };
  erasure: {
    org: string;
    /** The pseudonym. */
    id: string;
    /** null: it is done. */
    email: string | null;
    requested_at: Date;
    requested_by: string;
    finished_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
    place: Generated<string>;
  };
  sso_link: { org: string; issuer: string; subject: string; email: string; created_at: Date };
  /** A count of failures, under a hash of whose or where from. */
  sign_in_failure: { org: string; key: string; points: number; expires_at: Date };
  sign_in_attempt: {
    org: string;
    token_hash: string;
    email: string;
    method: string;
    expires_at: Date;
  };
  blueprint_permission: {
    org: string;
    blueprint: string;
    document: Json<Record<string, unknown>>;
    updated_at: Date;
    updated_by: string;
  };
  blueprint: {
    org: string;
    identifier: string;
    document: Json<Record<string, unknown>>;
    generation: Generated<number>;
    created_at: Date;
    created_by: string;
    updated_at: Date;
    updated_by: string;
  };
  entity: {
    org: string;
    blueprint: string;
    identifier: string;
    title: string | null;
    icon: string | null;
    team: string[];
    properties: Json<Record<string, unknown>>;
    relations: Json<Record<string, string | string[] | null>>;
    derived: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>;
    datasource: string | null;
    created_at: Date;
    created_by: string;
    updated_at: Date;
    updated_by: string;
    changed_at: Date | null;
  };
  entity_relation: {
    org: string;
    blueprint: string;
    identifier: string;
    relation: string;
    target_blueprint: string;
    target: string;
    position: number;
  };
  change: {
    org: string;
    xid: Xid;
    seq: Generated<number>;
    kind: string;
    action: string;
    blueprint: string | null;
    identifier: string | null;
    before: Json<unknown> | null;
    after: Json<unknown> | null;
    actor: string;
    at: Date;
    actor_kind: Generated<string>;
    origin: Generated<string>;
    run_id: string | null;
  };
  feed_cursor: { org: string; reader: string; xid: ColumnType<string>; seq: number };
  job: {
    org: string;
    queue: string;
    key: string;
    ticket: Generated<number>;
    run_at: Generated<Date>;
    lease_token: string | null;
    lease_until: Date | null;
    attempts: Generated<number>;
    last_error: string | null;
    created_at: Generated<Date>;
  };
  inbox: {
    org: string;
    source: string;
    delivery_id: string;
    received_at: Date;
    payload: Json<unknown> | null;
    status: string;
    outcome: Json<unknown> | null;
    processed_at: Date | null;
    seq: Generated<number>;
    request: Json<unknown> | null;
    /** Of events of data sources: JSON text as received. */
    body: string | null;
  };
  git_commit: {
    org: string;
    repository: string;
    sha: string;
    parents: string[];
    authored_at: Date;
    committed_at: Date;
    author: string;
    patch_id: string | null;
    message: string;
    paths: string[] | null;
  };
  dora_settings: { org: string; document: Json<unknown>; updated_at: Date; updated_by: string };
  dora_service: {
    org: string;
    service: string;
    deployments: number;
    merged_changes: number;
    attributed_changes: number;
    derived_at: Date;
    settings_hash: string;
    /** Id of the transaction that wrote what is derived of it. */
    revision: Generated<number>;
  };
  dora_service_repository: { org: string; service: string; repository: string };
  dora_unknown_sha: { org: string; service: string; sha: string };
  dora_deployment: {
    org: string;
    service: string;
    environment: string;
    id: string;
    finished_at: Date;
    hash: string;
    row: Json<unknown>;
  };
  dora_incident: {
    org: string;
    service: string;
    blueprint: string;
    id: string;
    started_at: Date;
    deployment: string | null;
    hash: string;
    row: Json<unknown>;
  };
  dora_incident_cause: {
    org: string;
    blueprint: string;
    incident: string;
    deployment: string | null;
    reason: string;
    decided_by: string;
    decided_at: Date;
  };
  dora_shipment: {
    org: string;
    service: string;
    environment: string;
    deployment: string;
    change: string;
    deployed_at: Date;
    lead_seconds: number | null;
    coding_seconds: number | null;
    pickup_seconds: number | null;
    review_seconds: number | null;
    deploy_seconds: number | null;
    excluded: string | null;
    hash: string;
    row: Json<unknown>;
  };
  import_run: {
    org: string;
    id: string;
    repository: string;
    source: string;
    services: string[];
    options: Json<unknown>;
    totals: Json<Record<string, number>>;
    sent: Json<Record<string, number>>;
    status: string;
    heads: string[] | null;
    error: string | null;
    started_at: Date;
    updated_at: Date;
    finished_at: Date | null;
  };
  data_source: {
    org: string;
    id: string;
    type: string;
    title: string;
    settings: Json<Record<string, string>>;
    secrets: Uint8Array;
    webhook_key: string;
    webhook_secret: Uint8Array;
    strategies: string[];
    mapping: Json<Record<string, unknown>>;
    resync_minutes: number | null;
    refresh_minutes: number | null;
    run: ColumnType<Record<string, unknown> | null, string | null, string | null>;
    next_full_at: Date | null;
    next_quick_at: Date | null;
    last_event_at: Date | null;
    created_at: Date;
    created_by: string;
    updated_at: Date;
    updated_by: string;
  };
}
