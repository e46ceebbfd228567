import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ConfigError, loadConfig, SETTINGS } from "../src/config.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fairway-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const load = (env: Record<string, string> = {}, argv: string[] = []) =>
  loadConfig({ FAIRWAY_DATA: folder, ...env }, argv);
const OIDC = {
  FAIRWAY_OIDC_ISSUER: "https://sso.example.com",
  FAIRWAY_OIDC_CLIENT_ID: "me",
  FAIRWAY_OIDC_CLIENT_SECRET: "hunter2-hunter2",
};
const PG = "postgres://u:p@localhost:5432/db";
const OTLP = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" };

function refusal(env: Record<string, string>, argv: string[] = []): string {
  try {
    load(env, argv);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  return "accepted";
}

describe("a wrong value refuses and names the setting and the rule", () => {
  test.each<[string, string, RegExp, Record<string, string>?]>([
    ["FAIRWAY_HOST", "not a host", /IP address or host name/],
    ["FAIRWAY_HOST", "http://localhost", /IP address or host name/],
    ["FAIRWAY_PORT", "http", /whole number from 0 to 65535/],
    ["FAIRWAY_PORT", "65536", /whole number from 0 to 65535/],
    ["FAIRWAY_PORT", "-1", /whole number from 0 to 65535/],
    ["FAIRWAY_PORT", "3000.5", /whole number from 0 to 65535/],
    ["FAIRWAY_PORT", "0x10", /whole number from 0 to 65535/],
    ["FAIRWAY_BASE_URL", "portal.example.com", /http or https address/],
    ["FAIRWAY_BASE_URL", "ftp://portal.example.com", /http or https address/],
    ["FAIRWAY_BASE_URL", "https://portal.example.com/fairway", /without path/],
    ["FAIRWAY_BASE_URL", "https://portal.example.com/?a=1", /without path or query/],
    ["DATABASE_URL", "mysql://localhost/x", /postgres:\/\//],
    ["DATABASE_URL", "localhost:5432", /postgres:\/\//],
    ["DATABASE_REPLICA_URL", "nonsense", /postgres:\/\//, { DATABASE_URL: PG }],
    ["DATABASE_REPLICA_URL", PG, /needs DATABASE_URL/],
    ["DATABASE_DIRECT_URL", "nonsense", /postgres:\/\//, { DATABASE_URL: PG }],
    ["DATABASE_DIRECT_URL", PG, /needs DATABASE_URL/],
    ["FAIRWAY_ROLE", "everything", /one of all, api, worker/],
    ["FAIRWAY_ROLE", "worker", /needs DATABASE_URL/],
    ["FAIRWAY_ROLE", "api", /needs DATABASE_URL/],
    ["FAIRWAY_CLIENT_SECRET", "0123456789abcdef", /set both/],
    ["FAIRWAY_CLIENT_SECRET", "short", /at least 16 characters/, { FAIRWAY_CLIENT_ID: "me" }],
    ["FAIRWAY_ADMIN_EMAIL", "root", /e-mail address/],
    ["FAIRWAY_ADMIN_EMAIL", "a@b c", /e-mail address/],
    ["FAIRWAY_ADMIN_PASSWORD", "long enough to be fine", /needs FAIRWAY_ADMIN_EMAIL/],
    ["FAIRWAY_ADMIN_PASSWORD", "short", /at least 12/, { FAIRWAY_ADMIN_EMAIL: "a@example.com" }],
    ["FAIRWAY_SECRET_KEY", "too short", /at least 32 characters/],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", /http or https address/],
    ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "grpc://collector:4317", /http or https address/],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", /http\/protobuf, http\/json/, OTLP],
    ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "grpc", /http\/protobuf, http\/json/, OTLP],
    ["OTEL_SDK_DISABLED", "yes", /true, false/],
    ["OTEL_TRACES_EXPORTER", "zipkin", /otlp, none/],
    ["OTEL_TRACES_SAMPLER", "sometimes", /always_on, always_off/, OTLP],
    ["OTEL_TRACES_SAMPLER_ARG", "2", /from 0 to 1/, { ...OTLP, OTEL_TRACES_SAMPLER: "traceidratio" }],
    ["FAIRWAY_SECRET_KEY_FILE", "/does/not/exist", /cannot be read/],
    ["FAIRWAY_SECRET_KEY_FILE", "/etc/hostname", /both set/, { FAIRWAY_SECRET_KEY: "x".repeat(32) }],
    ["FAIRWAY_NEW_SECRET_KEY", "yes", /true, false/],
    ["FAIRWAY_SECRET_KEY_OLD", `${"x".repeat(32)} short`, /keys of at least 32 characters/],
    ["FAIRWAY_SECRET_KEY_OLD_FILE", "/does/not/exist", /cannot be read/],
    ["FAIRWAY_SESSION_HOURS", "0", /whole number from 1 to 8760/],
    ["FAIRWAY_SESSION_IDLE_MINUTES", "1.5", /whole number from 1 to 525600/],
    ["FAIRWAY_SIGN_IN_AGAIN_MINUTES", "0", /whole number from 1 to 525600/],
    ["FAIRWAY_STOP_DELAY_SECONDS", "61", /whole number from 1 to 60/],
    ["FAIRWAY_ADMIN_SESSION_IDLE_MINUTES", "0", /whole number from 1 to/],
    ["FAIRWAY_RATE_LIMIT", "none", /whole number from 1 to/],
    ["FAIRWAY_RATE_LIMIT_ADDRESS", "0", /whole number from 1 to/],
    ["DATABASE_URL_FILE", "/etc/hostname", /both set/, { DATABASE_URL: PG }],
    ["DATABASE_URL_FILE", "/dev/null", /empty file/],
    ["FAIRWAY_CLIENT_SECRET_FILE", "/does/not/exist", /cannot be read/],
    ["FAIRWAY_ADMIN_PASSWORD_FILE", "/does/not/exist", /cannot be read/],
    ["FAIRWAY_METRICS_TOKEN", "with a space in it", /16 characters, and no space/],
    ["FAIRWAY_METRICS_TOKEN_FILE", "/does/not/exist", /cannot be read/],
    ["FAIRWAY_OIDC_ISSUER", "http://sso.example.com", /https address/, OIDC],
    ["FAIRWAY_OIDC_ISSUER", "sso.example.com", /https address/, OIDC],
    ["FAIRWAY_OIDC_CLIENT_ID", "", /is missing/, { FAIRWAY_OIDC_ISSUER: "https://sso.example.com" }],
    ["FAIRWAY_OIDC_CLIENT_SECRET", "", /is missing/, { ...OIDC, FAIRWAY_OIDC_CLIENT_SECRET: "" }],
    ["FAIRWAY_OIDC_CLIENT_SECRET_FILE", "/does/not/exist", /cannot be read/],
    ["FAIRWAY_OIDC_NAME", "x".repeat(41), /at most 40/, OIDC],
    ["FAIRWAY_OIDC_SCOPES", "profile email", /must contain openid/, OIDC],
    ["FAIRWAY_OIDC_GROUPS_CLAIM", "a b", /one claim/, OIDC],
    ["FAIRWAY_OIDC_ADMIN_GROUPS", "a,,b", /list groups/, OIDC],
    ["FAIRWAY_OIDC_TEAM_GROUPS", "sre=Platform,pay", /group=team/, OIDC],
    ["FAIRWAY_OIDC_CREATE_USERS", "yes", /true, false/, OIDC],
    ["FAIRWAY_OIDC_TRUST_EMAIL", "yes", /true, false/, OIDC],
    ["FAIRWAY_LOCAL_SIGN_IN", "false", /needs FAIRWAY_OIDC_ISSUER/],
    ["FAIRWAY_LOCAL_SIGN_IN", "false", /needs FAIRWAY_ADMIN_EMAIL/, OIDC],
    ["FAIRWAY_OUTBOUND_ALLOW", "10.0.0.0/33", /CIDRs .* or host names/],
    ["FAIRWAY_OUTBOUND_ALLOW", "10.0.0.0/8,http://x", /CIDRs .* or host names/],
    ["FAIRWAY_OUTBOUND_ALLOW", "fd00::/129", /CIDRs .* or host names/],
    ["FAIRWAY_OUTBOUND_ALLOW", "a,,b", /CIDRs .* or host names/],
    ["FAIRWAY_SMTP_URL", "https://mail.example.com", /must be smtp/],
    ["FAIRWAY_SMTP_URL_FILE", "/does/not/exist", /cannot be read/],
    ["DATABASE_REPLICA_URL_FILE", "/does/not/exist", /cannot be read/],
    ["DATABASE_DIRECT_URL_FILE", "/does/not/exist", /cannot be read/],
    ["FAIRWAY_TRUSTED_PROXIES", "10.0.0.0/8,proxy.example.com", /addresses and CIDRs/],
    ["FAIRWAY_SECURITY_CONTACT", "security@example.com", /mailto:/],
    ["FAIRWAY_SECURITY_CONTACT", "http://example.com", /mailto:/],
    ["FAIRWAY_SECURITY_POLICY", "http://example.com", /https address/],
    ["FAIRWAY_SECURITY_POLICY", "https://example.com", /needs FAIRWAY_SECURITY_CONTACT/],
    ["FAIRWAY_SMTP_FROM", "somebody", /must be an e-mail address/],
    ["FAIRWAY_FRAME_SOURCES", "https://a.example, *", /origins such as/],
    ["FAIRWAY_FRAME_SOURCES", "https://a.example;script-src", /origins such as/],
    ["FAIRWAY_HISTORY_RETENTION_DAYS", "0", /whole number from 1 to 3650/],
    ["FAIRWAY_AUDIT_RETENTION_DAYS", "0", /whole number from 1 to 36500/],
    ["FAIRWAY_RUN_TIMEOUT_HOURS", "0", /whole number from 1 to 8760/],
    ["FAIRWAY_KAFKA_BROKERS", "kafka.example.com", /host:port/],
    ["FAIRWAY_KAFKA_TLS", "yes", /true or false/, { FAIRWAY_KAFKA_BROKERS: "k:9092" }],
    ["FAIRWAY_KAFKA_SASL", "gssapi", /one of plain/, { FAIRWAY_KAFKA_BROKERS: "k:9092" }],
    ["FAIRWAY_KAFKA_USERNAME", "me", /needs FAIRWAY_KAFKA_BROKERS/],
    ["FAIRWAY_KAFKA_PASSWORD", "s3cret", /needs FAIRWAY_KAFKA_BROKERS/],
    ["FAIRWAY_KAFKA_PASSWORD_FILE", "/does/not/exist", /cannot be read/],
    ["FAIRWAY_SELF_APPROVAL", "perhaps", /one of allow, forbid/],
    ["FAIRWAY_RUN_RETENTION_DAYS", "0", /whole number from 1 to 3650/],
    ["FAIRWAY_EVENT_RETENTION_DAYS", "0", /whole number from 1 to 3650/],
    ["FAIRWAY_INGEST_MAX_WAITING", "1e3", /whole number from 1 to/],
    ["FAIRWAY_LOG_LEVEL", "verbose", /one of fatal, error, warn/],
    ["FAIRWAY_DATA", "/dev/null/x", /cannot be used/],
    ["FAIRWAY_PROT", "3000", /no setting of Fairway/],
  ])("%s=%s", (name, value, rule, others = {}) => {
    const message = refusal({ ...others, [name]: value });
    expect(message).toMatch(rule);
    // A missing half of a pair is named by what is missing.
    expect(message).toContain(name === "FAIRWAY_CLIENT_SECRET" ? "FAIRWAY_CLIENT_" : name);
  });

  test("an unknown argument, and a role that is missing", () => {
    expect(refusal({}, ["--port", "1"])).toContain("--port");
    expect(refusal({}, ["--role"])).toContain("FAIRWAY_ROLE");
  });

  test("never shows a secret", () => {
    const secret = "hunter2-hunter2";
    const shown = [
      refusal({ FAIRWAY_SECRET_KEY: secret }),
      refusal({ FAIRWAY_ADMIN_PASSWORD: secret }),
      refusal({ FAIRWAY_CLIENT_SECRET: secret }),
      refusal({ FAIRWAY_CLIENT_ID: "a", FAIRWAY_CLIENT_SECRET: secret }),
      refusal({ DATABASE_URL: `mysql://me:${secret}@localhost/x` }),
      refusal({ FAIRWAY_OIDC_CLIENT_SECRET: secret }),
      refusal({ FAIRWAY_SECRET_KEY: "k".repeat(32), FAIRWAY_SECRET_KEY_OLD: secret }),
      // Misspelt.
      refusal({ FAIRWAY_SMPT_URL: `smtp://me:${secret}@mail.example.com` }),
    ];
    for (const message of shown) expect(message).not.toContain(secret);
    expect(shown).not.toContain("accepted");
  });

  test("every setting has a case above, or takes any text", () => {
    const text = readFileSync(import.meta.filename, "utf8");
    const anyText = new Set(["FAIRWAY_CLIENT_ID"]);
    const missing = SETTINGS.filter(({ name }) => !anyText.has(name) && !text.includes(`["${name}", `));
    expect(missing).toEqual([]);
  });
});

describe("right values", () => {
  test("the defaults", () => {
    expect(load()).toMatchObject({
      host: "127.0.0.1",
      port: 3000,
      baseUrl: null,
      databaseUrl: null,
      role: "all",
      adminEmail: null,
      adminPassword: null,
      oidc: null,
      outboundAllow: [],
      logLevel: "info",
      demo: false,
      alwaysLink: false,
      dataDir: folder,
    });
  });

  test("a lost key is said by an argument, or where there are none to be given by a setting", () => {
    expect(load().isKeyNew).toBe(false);
    expect(load({ FAIRWAY_NEW_SECRET_KEY: "false" }).isKeyNew).toBe(false);
    expect(load({ FAIRWAY_NEW_SECRET_KEY: "true" }).isKeyNew).toBe(true);
    expect(load({}, ["--new-secret-key"]).isKeyNew).toBe(true);
  });

  test("an empty value is as good as none", () => {
    expect(load({ FAIRWAY_PORT: "", DATABASE_URL: "", FAIRWAY_ROLE: "" })).toMatchObject({
      port: 3000,
      databaseUrl: null,
      role: "all",
    });
  });

  test("are taken", () => {
    const config = load(
      {
        FAIRWAY_HOST: "::1",
        FAIRWAY_PORT: "0",
        FAIRWAY_BASE_URL: "https://portal.example.com/",
        DATABASE_URL: PG,
        DATABASE_REPLICA_URL: "postgresql://r/db",
        FAIRWAY_OUTBOUND_ALLOW: "10.0.0.0/8, fd00::/8, 192.168.1.1, *.corp.example.com, localhost",
        FAIRWAY_ADMIN_EMAIL: "a@example.com",
        FAIRWAY_ADMIN_PASSWORD: "twelve chars",
        FAIRWAY_LOG_LEVEL: "debug",
      },
      ["--role=worker", "--demo", "--sign-in-link"],
    );
    expect(config).toMatchObject({
      host: "::1",
      port: 0,
      baseUrl: "https://portal.example.com",
      role: "worker",
      demo: true,
      alwaysLink: true,
      outboundAllow: ["10.0.0.0/8", "fd00::/8", "192.168.1.1", "*.corp.example.com", "localhost"],
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test("an argument beats the variable", () => {
    expect(load({ DATABASE_URL: PG, FAIRWAY_ROLE: "api" }, ["--role", "worker"]).role).toBe("worker");
  });

  test("keys and credentials are made once, kept, and readable by the owner only", () => {
    const first = load();
    const second = load();
    expect(second.clientId).toBe(first.clientId);
    expect(second.clientSecret).toBe(first.clientSecret);
    expect(second.secretKeys).toEqual(first.secretKeys);
    expect(first.secretKeys.current).toHaveLength(32);
    for (const file of ["credentials.json", "secret.key"])
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const other = mkdtempSync(join(tmpdir(), "fairway-config-"));
    try {
      const stranger = loadConfig({ FAIRWAY_DATA: other }, []);
      expect(stranger.clientSecret).not.toBe(first.clientSecret);
      expect(stranger.secretKeys).not.toEqual(first.secretKeys);
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  test("given credentials replace the kept ones, in a file of mode 0600 whatever it was", () => {
    load();
    chmodSync(join(folder, "credentials.json"), 0o644);
    const config = load({ FAIRWAY_CLIENT_ID: "me", FAIRWAY_CLIENT_SECRET: "0123456789abcdef" });
    expect(config).toMatchObject({ clientId: "me", clientSecret: "0123456789abcdef" });
    expect(JSON.parse(readFileSync(join(folder, "credentials.json"), "utf8"))).toEqual({
      clientId: "me",
      clientSecret: "0123456789abcdef",
    });
    expect(statSync(join(folder, "credentials.json")).mode & 0o777).toBe(0o600);
  });

  test("a credentials file that is broken is not overwritten", () => {
    writeFileSync(join(folder, "credentials.json"), "{");
    expect(refusal({})).toMatch(/FAIRWAY_DATA.*credentials\.json/);
    expect(readFileSync(join(folder, "credentials.json"), "utf8")).toBe("{");
  });

  test("keys of before are read, beside the generated one too, but not beside one that is set", () => {
    const [one, two] = ["1".repeat(32), "2".repeat(32)];
    const set = load({ FAIRWAY_SECRET_KEY: one, FAIRWAY_SECRET_KEY_OLD: ` ${two}\n${one} ` });
    expect(set.secretKeys.earlier).toHaveLength(2);
    expect(set.secretKeys.earlier[1]).toEqual(set.secretKeys.current);
    writeFileSync(join(folder, "secret.key.old"), `${two}\n`);
    expect(load().secretKeys.earlier).toEqual([set.secretKeys.earlier[0]]);
    expect(load({ FAIRWAY_SECRET_KEY: one }).secretKeys.earlier).toEqual([]);
  });

  test("requests are limited unless it is turned off", () => {
    expect(load().requestLimits).toEqual({ perCredential: 600_000, perAddress: 3000 });
    expect(load({ FAIRWAY_RATE_LIMIT: "off", FAIRWAY_RATE_LIMIT_ADDRESS: "7" }).requestLimits).toEqual({
      perCredential: null,
      perAddress: 7,
    });
  });

  test("the key from a file is the same as the key itself", () => {
    const key = "k".repeat(40);
    writeFileSync(join(folder, "key"), `${key}\n`);
    const fromFile = load({ FAIRWAY_SECRET_KEY_FILE: join(folder, "key") });
    expect(fromFile.secretKeys).toEqual(load({ FAIRWAY_SECRET_KEY: key }).secretKeys);
  });
});

test("docs/configuration.md lists the settings with their defaults and meanings", () => {
  const text = readFileSync(new URL("../docs/configuration.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$/gm)].map(
    ([, name, byDefault, meaning]) => ({
      name,
      default: byDefault,
      meaning,
    }),
  );
  expect(rows).toEqual(SETTINGS.map((setting) => ({ ...setting })));
});

test("traces are sent where the standard variables say, and nowhere by default", () => {
  const tracing = (env: Record<string, string>) => load(env).tracing;
  const usual = { url: "http://localhost:4318/v1/traces", protocol: "http/protobuf" };
  expect(tracing({})).toBeNull();
  expect(tracing(OTLP)).toEqual(usual);
  expect(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318/" })).toEqual(usual);
  expect(tracing({ OTEL_TRACES_EXPORTER: "otlp" })).toEqual(usual);
  expect(tracing({ ...OTLP, OTEL_TRACES_EXPORTER: "none" })).toBeNull();
  expect(tracing({ ...OTLP, OTEL_SDK_DISABLED: "TRUE" })).toBeNull();
  expect(tracing({ ...OTLP, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" })?.protocol).toBe("http/json");
  const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example.com/otlp" };
  expect(tracing({ ...OTLP, ...own })?.url).toBe("https://traces.example.com/otlp");
  expect(
    tracing({ ...OTLP, OTEL_TRACES_SAMPLER: "parentbased_traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.1" }),
  ).toEqual(usual);
});
