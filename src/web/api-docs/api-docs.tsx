import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { plural } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import { Copy } from "../parts/copy.tsx";
import { Empty } from "../parts/empty.tsx";
import { SafeLink } from "../parts/safe-link.tsx";
import { Tag } from "../parts/tag.tsx";
import { Markdown } from "../widgets/markdown/markdown.tsx";
import css from "./api-docs.module.css";
import { type Interface, type Operation, readInterface } from "./interface.ts";
import { readDocument } from "./read-document.ts";
import { SchemaView } from "./schema-view.tsx";

/** An interface as it describes itself: its operations, what they take and what they answer. */
export function ApiDocs({ value, title }: { value: unknown; title: string }) {
  const found = useQuery({
    queryKey: ["api-document", value],
    queryFn: () => readDocument(value),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  }).data;
  if (found === undefined) return <Bone height={320} />;
  if ("url" in found)
    return (
      <Empty title={`${title} is kept somewhere else`}>
        <p>
          This portal fetches nothing from other hosts. <SafeLink href={found.url}>{found.url}</SafeLink>
        </p>
        <p>Store the document itself, as JSON or YAML, to read it here.</p>
      </Empty>
    );
  const read = "document" in found ? readInterface(found.document) : null;
  if (read === null)
    return (
      <div className="stack">
        <Empty title={`${title} is no OpenAPI, Swagger or AsyncAPI document`}>
          <p>{"problem" in found ? found.problem : "It says neither openapi, swagger nor asyncapi."}</p>
        </Empty>
        <pre className={css["raw"]} tabIndex={0} aria-label={title}>
          {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
        </pre>
      </div>
    );
  return <Loaded read={read} />;
}

function Loaded({ read }: { read: Interface }) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = read.operations.filter(({ method, path, summary, group }) =>
    `${method} ${path} ${summary} ${group}`.toLowerCase().includes(wanted),
  );
  const groups = new Map<string, Operation[]>();
  for (const operation of shown)
    groups.set(operation.group, [...(groups.get(operation.group) ?? []), operation]);
  return (
    <div className={css["docs"]}>
      <header className={css["head"]}>
        <div className="row">
          <h2>{read.title}</h2>
          {read.version ? <Tag>{read.version}</Tag> : null}
          <span className="muted small">{read.format}</span>
        </div>
        {read.description ? <Markdown text={read.description} /> : null}
        {read.servers.length > 0 ? (
          <ul className={css["servers"]} aria-label="Servers">
            {read.servers.map((server) => (
              <li key={server}>
                <code>{server}</code>
                <Copy text={server} label={`address ${server}`} />
              </li>
            ))}
          </ul>
        ) : null}
      </header>
      {read.operations.length === 0 ? (
        <Empty title="It describes no operations." />
      ) : (
        <>
          <div className="row between">
            <TextInput
              type="search"
              size="xs"
              aria-label="Find an operation"
              placeholder="Find an operation"
              leftSection={<IconSearch size={15} aria-hidden />}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <span className="muted small" role="status">
              {plural(shown.length, "operation")}
            </span>
          </div>
          {shown.length === 0 ? (
            <Empty isSmall icon={IconSearch} title={`No operation matches “${text}”.`} />
          ) : null}
          {[...groups].map(([group, operations]) => (
            <section key={group} aria-label={group}>
              <h3 className={css["group"]}>{group}</h3>
              {operations.map((operation) => (
                <OperationView key={operation.id} operation={operation} at={read.at} />
              ))}
            </section>
          ))}
        </>
      )}
    </div>
  );
}

function OperationView({ operation, at }: { operation: Operation; at: Interface["at"] }) {
  const [open, setOpen] = useState(false);
  const { method, path, summary, isDeprecated } = operation;
  return (
    <details className={css["operation"]} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span className={css["method"]} data-method={method.toLowerCase()}>
          {method}
        </span>
        <code>{path}</code>
        <span className={css["summary"]}>{summary}</span>
        {isDeprecated ? <Tag tone="warn">deprecated</Tag> : null}
      </summary>
      {open ? <Inside operation={operation} at={at} /> : null}
    </details>
  );
}

function Inside({ operation, at }: { operation: Operation; at: Interface["at"] }) {
  const { description, parameters, request, responses, method } = operation;
  const isMessage = method !== method.toUpperCase();
  return (
    <div className={css["inside"]}>
      {description ? <Markdown text={description} /> : null}
      {parameters.length > 0 ? (
        <section aria-label="Parameters">
          <h4>Parameters</h4>
          <div className="scroll-x" tabIndex={0} role="region" aria-label="Parameters">
            <table className="data">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">In</th>
                  <th scope="col">Type</th>
                  <th scope="col">Description</th>
                </tr>
              </thead>
              <tbody>
                {parameters.map((parameter) => (
                  <tr key={`${parameter.where} ${parameter.name}`}>
                    <td>
                      <code>{parameter.name}</code> {parameter.isRequired ? <Tag>required</Tag> : null}
                    </td>
                    <td>{parameter.where}</td>
                    <td>{parameter.type}</td>
                    <td className="muted">{parameter.description}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ) : null}
      {request.map((body) => (
        <section key={body.name} aria-label={isMessage ? body.name : "Request"}>
          <h4>{isMessage ? body.name : `Request · ${body.name}`}</h4>
          {body.description ? <p className="muted small">{body.description}</p> : null}
          <SchemaView schema={body.schema} at={at} />
        </section>
      ))}
      {responses.map((body) => (
        <section key={body.name} aria-label={`Answer ${body.name}`}>
          <h4>
            {body.name} <span className={css["summary"]}>{body.description}</span>
          </h4>
          {body.schema === undefined ? null : <SchemaView schema={body.schema} at={at} />}
        </section>
      ))}
    </div>
  );
}
