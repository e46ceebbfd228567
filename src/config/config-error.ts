/** A setting that is wrong: the server refuses to start and says which, its value and the rule. */
export class ConfigError extends Error {
  readonly setting: string;

  /** @param value null: it may be a secret, of a setting that is misspelt */
  constructor(name: string, value: string | undefined | null, rule: string) {
    const isSecret = value === null || /SECRET|PASSWORD|KEY|DATABASE|TOKEN|SMTP_URL/.test(name);
    const shown = isSecret ? "" : ` is ${JSON.stringify(value ?? "")}:`;
    super(`${name}${shown} ${rule}`);
    this.name = "ConfigError";
    this.setting = name;
  }
}
