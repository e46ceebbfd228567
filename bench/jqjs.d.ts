/** What the benchmark uses of jqjs, which has no types of its own. */
declare module "@michaelhomer/jqjs" {
  const jqjs: { readonly compile: (text: string) => (input: unknown) => Iterable<unknown> };
  export default jqjs;
}
