/**
 * The search of the API reference, which runs in the browser: a plugin is sent as its own text, so it uses nothing from
 * outside of it. The package's own filter looks at tags alone.
 */

/** Of Immutable.js, as far as it is used. */
interface Rows<Row> {
  filter(keep: (row: Row) => boolean): Rows<Row>;
  map(change: (row: Row, key: string) => Row): Rows<Row>;
  readonly size: number;
}

interface Operation {
  get(key: "method" | "path"): string;
  getIn(path: readonly string[]): string | undefined;
}

interface Tagged {
  get(key: "operations"): Rows<Operation>;
  set(key: "operations", operations: Rows<Operation>): Tagged;
}

interface System {
  readonly React: { createElement(type: unknown, props: object, child?: unknown): unknown };
  readonly layoutSelectors: { currentFilter(): unknown };
  readonly layoutActions: { updateFilter(text: string): void };
  getConfigs(): object;
}

/** Every word has to be in the tag, the method, the path or the summary; tags that still have many operations stay closed. */
export const referenceSearch = ({ React }: System): object => ({
  fn: {
    opsFilter: (tags: Rows<Tagged>, text: string): Rows<Tagged> => {
      const words = text.toLowerCase().split(/\s+/);
      return tags
        .map((tagged, tag) =>
          tagged.set(
            "operations",
            tagged.get("operations").filter((one) => {
              const [method, path] = [one.get("method"), one.get("path")];
              const summary = one.getIn(["operation", "summary"]) ?? "";
              const said = `${tag} ${method} ${path} ${summary}`.toLowerCase();
              return words.every((word) => said.includes(word));
            }),
          ),
        )
        .filter((tagged) => tagged.get("operations").size > 0);
    },
  },
  components: {
    FilterContainer: ({ layoutSelectors, layoutActions }: System) => {
      const text = layoutSelectors.currentFilter();
      const field = React.createElement("input", {
        className: "operation-filter-input",
        type: "search",
        "aria-label": "Search operations",
        placeholder: "Search paths, methods and summaries",
        value: typeof text === "string" ? text : "",
        onChange: (event: { target: { value: string } }) => layoutActions.updateFilter(event.target.value),
      });
      return React.createElement("div", { className: "filter wrapper" }, field);
    },
  },
  wrapComponents: {
    OperationTag: (Original: unknown) => (props: System & { tagObj: Tagged }) => {
      const text = props.layoutSelectors.currentFilter();
      const isFew = typeof text === "string" && text.length > 1 && props.tagObj.get("operations").size < 20;
      return React.createElement(
        Original,
        isFew ? { ...props, getConfigs: () => ({ ...props.getConfigs(), docExpansion: "list" }) } : props,
      );
    },
  },
});
