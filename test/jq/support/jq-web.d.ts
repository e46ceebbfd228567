declare module "jq-web" {
  interface JqWeb {
    readonly raw: (json: string, program: string, flags?: readonly string[]) => string;
    readonly json: (input: unknown, program: string) => unknown;
  }
  const jq: Promise<JqWeb>;
  export default jq;
}
