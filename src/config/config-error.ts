/** A setting that is wrong: the server refuses to start and says which, its value and the rule. */
export class ConfigError extends Error {
  readonly setting: string;

  constructor(name: string, value: string | undefined, rule: string) {
    const shown = /SECRET|PASSWORD|KEY|DATABASE|TOKEN|SMTP_URL/.test(name)
      ? ""
      : ` is ${JSON.stringify(value ?? "")}:`;
    super(`${name}${shown} ${rule}`);
    this.name = "ConfigError";
    this.setting = name;
  }
}
