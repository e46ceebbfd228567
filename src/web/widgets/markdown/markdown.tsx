import { Fragment, type ReactNode } from "react";
import { AnyLink } from "../../parts/any-link.tsx";
import css from "./prose.module.css";
import type { Inline } from "./parse-inline.ts";
import { type Block, parseMarkdown } from "./parse-markdown.ts";

/** Text with its headings, lists, tables and links; below the title of its widget. */
export function Markdown({ text }: { text: string }) {
  return (
    <div className={css["prose"]} tabIndex={0} role="group" aria-label="Text">
      <Blocks blocks={parseMarkdown(text)} />
    </div>
  );
}

/** Parts of a text have no identity but their place. */
function keyed<T>(list: readonly T[], draw: (item: T) => ReactNode): ReactNode[] {
  const placed = list.map((item, place) => ({ item, place }));
  return placed.map(({ item, place }) => <Fragment key={place}>{draw(item)}</Fragment>);
}

function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return keyed(blocks, drawn);
}

function drawn(block: Block): ReactNode {
  switch (block.kind) {
    case "heading": {
      const Tag = (["h3", "h4", "h5", "h6"] as const)[Math.min(block.level, 4) - 1] ?? "h6";
      return (
        <Tag>
          <Inlines inside={block.inside} />
        </Tag>
      );
    }
    case "paragraph":
      return (
        <p>
          <Inlines inside={block.inside} />
        </p>
      );
    case "code":
      return (
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "rule":
      return <hr />;
    case "quote":
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case "list": {
      const Tag = block.ordered ? "ol" : "ul";
      return (
        <Tag>
          {keyed(block.items, (item) => (
            <li>
              {item.done === null ? null : (
                <input
                  type="checkbox"
                  checked={item.done}
                  disabled
                  readOnly
                  aria-label={item.done ? "Done" : "Open"}
                />
              )}
              {item.blocks.length === 1 && item.blocks[0]?.kind === "paragraph" ? (
                <Inlines inside={item.blocks[0].inside} />
              ) : (
                <Blocks blocks={item.blocks} />
              )}
            </li>
          ))}
        </Tag>
      );
    }
    default:
      return (
        <div className="scroll-x" tabIndex={0} role="region" aria-label="Table">
          <table>
            <thead>
              <tr>
                {keyed(block.head, (cell) => (
                  <th>
                    <Inlines inside={cell} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keyed(block.rows, (row) => (
                <tr>
                  {keyed(row, (cell) => (
                    <td>
                      <Inlines inside={cell} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

function Inlines({ inside }: { inside: readonly Inline[] }) {
  return keyed(inside, inline);
}

function inline(part: Inline): ReactNode {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return <code>{part.text}</code>;
    case "break":
      return <br />;
    case "strong":
      return (
        <strong>
          <Inlines inside={part.inside} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Inlines inside={part.inside} />
        </em>
      );
    case "del":
      return (
        <del>
          <Inlines inside={part.inside} />
        </del>
      );
    case "link":
      return (
        <AnyLink href={part.href}>
          <Inlines inside={part.inside} />
        </AnyLink>
      );
    default:
      // Pictures of other hosts are not fetched: the link says what they show.
      return /^\/(?!\/)/.test(part.href) ? (
        <img src={part.href} alt={part.text} />
      ) : (
        <AnyLink href={part.href}>{part.text || part.href}</AnyLink>
      );
  }
}
