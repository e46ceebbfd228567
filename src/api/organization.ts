/** Wire contract of the organisation, its secrets and apps (data-model.md §8.7–8.9). */
import Type from "typebox";

const Color = Type.Union([Type.Literal("blue"), Type.Literal("red")]);

const Announcement = Type.Object({
  enabled: Type.Boolean(),
  content: Type.String({ minLength: 1, maxLength: 300 }),
  link: Type.Optional(Type.Union([Type.String({ maxLength: 300 }), Type.Null()])),
  color: Type.Optional(Color),
});

/** Known settings are checked, others are kept: clients send what Port knows and we do not. */
const Settings = Type.Object(
  {
    hiddenBlueprints: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 1000 })),
    federatedLogout: Type.Optional(Type.Boolean()),
    portalIcon: Type.Optional(Type.Union([Type.String({ maxLength: 10_000 }), Type.Null()])),
    portalTitle: Type.Optional(Type.Union([Type.String({ maxLength: 30 }), Type.Null()])),
  },
  { additionalProperties: true, maxProperties: 100 },
);

const Name = Type.String({ minLength: 1, maxLength: 100 });

export const ReplaceOrganizationRequest = Type.Object({
  name: Name,
  settings: Type.Optional(Settings),
  announcement: Type.Optional(Type.Union([Announcement, Type.Null()])),
});

/** Port's schema wants a name here too, but its own agent sends only `settings`. */
export const PatchOrganizationRequest = Type.Object({
  name: Type.Optional(Name),
  settings: Type.Optional(Settings),
  announcement: Type.Optional(Type.Union([Announcement, Type.Null()])),
});

export const OrganizationResponse = Type.Object({
  ok: Type.Literal(true),
  organization: Type.Object({
    id: Type.String(),
    name: Type.String(),
    featureFlags: Type.Array(Type.String()),
    settings: Type.Object({}, { additionalProperties: true }),
    announcement: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()]),
  }),
});

const SecretName = Type.String({ pattern: "^[A-Za-z0-9\\-_]+$", minLength: 1, maxLength: 100 });
const SecretDescription = Type.Union([Type.String({ maxLength: 200 }), Type.Null()]);
/** Long enough for keys and certificates. */
const SecretValue = Type.String({ maxLength: 65_536 });

export const SecretParams = Type.Object({ secretName: Type.String() });
export const CreateSecretRequest = Type.Object({
  secretName: SecretName,
  secretValue: SecretValue,
  description: Type.Optional(SecretDescription),
});
export const PatchSecretRequest = Type.Object({
  secretValue: Type.Optional(SecretValue),
  description: Type.Optional(SecretDescription),
});

const Secret = Type.Object({
  secretName: Type.String(),
  description: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String(),
  createdBy: Type.String(),
  updatedAt: Type.String(),
  updatedBy: Type.String(),
});
export const SecretsResponse = Type.Object({ ok: Type.Literal(true), secrets: Type.Array(Secret) });
export const SecretResponse = Type.Object({ ok: Type.Literal(true), secret: Secret });

export const AppParams = Type.Object({ id: Type.String() });
export const AppRequest = Type.Object({ name: Name });

const app = {
  id: Type.String(),
  name: Type.String(),
  enabled: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
export const AppsResponse = Type.Object({
  ok: Type.Literal(true),
  apps: Type.Array(Type.Partial(Type.Object(app))),
});
export const AppPermissionsRequest = Type.Object({
  permissions: Type.Array(Type.String({ maxLength: 300 }), { maxItems: 1000 }),
});
export const AppPermissionsResponse = Type.Object({
  ok: Type.Literal(true),
  warnings: Type.Array(Type.String()),
});
export const AppResponse = Type.Object({ ok: Type.Literal(true), app: Type.Object(app) });
/** The secret is told here and never again. */
export const NewAppResponse = Type.Object({
  ok: Type.Literal(true),
  app: Type.Object({ ...app, secret: Type.String() }),
});
