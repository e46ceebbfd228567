import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { count, frequency, plural } from "../lib/format.ts";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Notice } from "../parts/notice.tsx";
import { Pick } from "../parts/pick.tsx";
import { SlowNote } from "../parts/slow-note.tsx";
import { changeSource, compareStrategies, type StrategyPreview } from "./queries.ts";
import css from "./sources.module.css";
import { StrategyChoice } from "./strategy-choice.tsx";
import type { ConnectorInfo, DataSource } from "./types.ts";

const WINDOWS = [30, 90, 365, 730];
const EXAMPLES = 3;
const SERVICES = 3;

/** What counts as a deployment: the ways there are, each with what it would find in the system, to choose from. */
export function StrategiesPanel({ source, connector }: { source: DataSource; connector: ConnectorInfo }) {
  const [days, setDays] = useState(90);
  const [chosen, setChosen] = useState<readonly string[]>(source.strategies);
  const client = useQueryClient();
  const compare = useMutation({ mutationFn: () => compareStrategies(source.id, days) });
  const choose = useMutation({
    mutationFn: () => changeSource(source.id, { strategies: chosen }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["sources"] }),
  });
  const previews = new Map(compare.data?.strategies.map((one) => [one.id, one]));
  const isSame =
    chosen.length === source.strategies.length && chosen.every((id) => source.strategies.includes(id));
  const error = choose.error ?? compare.error;
  return (
    <section className="card stack" aria-labelledby="strategies">
      <div className="row between">
        <h2 id="strategies">What counts as a deployment</h2>
        <div className="row">
          <Pick
            aria-label="History to compare on"
            size="xs"
            w={140}
            data={WINDOWS.map((one) => ({ value: String(one), label: `Last ${one} days` }))}
            value={String(days)}
            onChange={(value) => setDays(Number(value))}
          />
          <Button size="xs" variant="default" loading={compare.isPending} onClick={() => compare.mutate()}>
            Compare
          </Button>
        </div>
      </div>
      {error ? (
        <ErrorPanel what={choose.error ? "change the strategies" : "compare the strategies"} error={error} />
      ) : null}
      {compare.isPending ? <SlowNote what={`the history in ${source.title}`} /> : null}
      {compare.data && compare.data.together.sameCommit > 0 ? (
        <Notice>
          The ones in use tell of {plural(compare.data.together.sameCommit, "deployment")} twice: they have
          the same service, environment and commit.
        </Notice>
      ) : null}
      <div className="scroll-x" tabIndex={0} role="region" aria-label="Deployment strategies">
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Strategy</th>
              {compare.data === undefined ? null : (
                <>
                  <th scope="col" className="num">
                    Deployments
                  </th>
                  <th scope="col" className="num">
                    Failed
                  </th>
                  <th scope="col">Frequency</th>
                  <th scope="col">Services</th>
                </>
              )}
            </tr>
          </thead>
          <tbody>
            {connector.strategies.map((strategy, _, all) => (
              <tr key={strategy.id}>
                <td>
                  <StrategyChoice {...{ strategy, all, chosen }} onChange={setChosen} />
                  <Remarks preview={previews.get(strategy.id)} />
                </td>
                {compare.data === undefined ? null : <Figures preview={previews.get(strategy.id)} />}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        <Button loading={choose.isPending} disabled={isSame} onClick={() => choose.mutate()}>
          Save
        </Button>
        <span className="muted small" role="status">
          {choose.isSuccess
            ? "Everything is read again."
            : isSame
              ? "These are in use."
              : "The mapping is written anew and everything is read again; edits of the mapping are lost."}
        </span>
      </div>
    </section>
  );
}

function Figures({ preview }: { preview: StrategyPreview | undefined }) {
  if (preview === undefined)
    return (
      <>
        <td className="num muted" data-label="Deployments">
          –
        </td>
        <td className="num muted" data-label="Failed">
          –
        </td>
        <td data-label="Frequency" className="muted">
          –
        </td>
        <td data-label="Services" className="muted">
          –
        </td>
      </>
    );
  const { deployments, failed, deploymentFrequency, services, complete } = preview;
  const more = services.length - SERVICES;
  return (
    <>
      <td className="num" data-label="Deployments">
        {complete ? "" : "≥ "}
        {count(deployments)}
      </td>
      <td data-label="Failed" className="num">
        {count(failed)}
      </td>
      <td data-label="Frequency">{frequency(deploymentFrequency.perDay)}</td>
      <td data-label="Services">
        {services
          .slice(0, SERVICES)
          .map((one) => `${one.service ?? "none"} ${count(one.deployments)}`)
          .join(", ") || "–"}
        {more > 0 ? ` and ${count(more)} more` : ""}
      </td>
    </>
  );
}

function Remarks({ preview }: { preview: StrategyPreview | undefined }) {
  if (preview === undefined) return null;
  const { examples, messages } = preview;
  return (
    <div className="small muted" style={{ marginLeft: 30 }}>
      {messages.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {examples.length === 0 ? null : (
        <p className={css["id"]}>
          Latest:{" "}
          {examples
            .toReversed()
            .slice(0, EXAMPLES)
            .map(({ identifier, status }) => (status === "Failed" ? `${identifier} (failed)` : identifier))
            .join(", ")}
        </p>
      )}
    </div>
  );
}
