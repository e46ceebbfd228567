import { useQueries, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ApiError } from "../api/client.ts";
import { allBlueprintsQuery } from "../catalog/queries.ts";
import { Bone } from "../parts/bone.tsx";
import { type Look, looksOf } from "./colours.ts";
import { bareLines, type DrawnLine, sharedUnit } from "./drawn-line.ts";
import { axisOf, questionOf } from "./lines.ts";
import { type Chart, historyQuery, overTimeQuery } from "./queries.ts";
import { rowsLink, textOf } from "./scope.ts";
import type { WidgetContext, WidgetDoc } from "./widget-kind.ts";
import { NoData, WidgetEmpty, WidgetState } from "./widget-state.tsx";

/** Axes and scales are more than half of the page's code; they come with the first chart that has them. */
const LinesChart = lazy(() => import("./lines-chart.tsx").then((module) => ({ default: module.LinesChart })));

interface Props {
  widget: WidgetDoc;
  context: WidgetContext;
  /** Each with its blueprint, chart type and what that asks for. */
  lines: readonly Readonly<Record<string, unknown>>[];
}

/** Lines over one axis of time; a point leads to what it counts. */
export function LinesView({ widget, context, lines }: Props) {
  const axis = axisOf(widget, context.timeZone);
  const questions = lines.flatMap((line) => questionOf(line, axis, context.filters) ?? []);
  const navigate = useNavigate();
  const { data: blueprints = [] } = useQuery(allBlueprintsQuery);
  const counted = questions.map(({ scope }) =>
    blueprints.find(({ identifier }) => identifier === scope?.blueprint),
  );
  const named = questions.map(
    ({ breakdown }, i) => counted[i]?.schema?.properties?.[breakdown ?? ""]?.enumColors,
  );
  const answers = useQueries({
    queries: questions.map(({ path, body }) =>
      path === "history" ? historyQuery(body) : overTimeQuery(body),
    ),
  });
  const [first] = answers;
  if (first === undefined)
    return <WidgetEmpty title="Not set up yet">Choose a blueprint and what to measure.</WidgetEmpty>;
  const failed = answers.find(({ data, error }) => data === undefined && error instanceof ApiError);
  const waiting = answers.find(({ data }) => data === undefined);
  return (
    <WidgetState query={failed ?? waiting ?? first}>
      {() => {
        const charts = answers.map(({ data }) => data).filter((data): data is Chart => data !== undefined);
        const zero = widget["nullValueDisplayMode"] === "zero";
        const bare = charts.flatMap((chart, i) =>
          bareLines(chart, questions[i], counted[i]?.title || "Entities", zero),
        );
        const looks = looksOf(
          bare.map(({ name }) => name),
          Object.assign({}, ...named),
        );
        const drawn = bare.map((line, i): DrawnLine => ({ ...line, look: looks[i] as Look }));
        if (drawn.every(({ values }) => values.every((value) => value === null)))
          return <NoData widget={widget} why="Nothing in its window of time." />;
        const dates = charts[0]?.data.map(({ date }) => date) ?? [];
        const end = charts[0]?.maxDate ?? 0;
        return (
          <Suspense fallback={<Bone height={160} />}>
            <LinesChart
              label={textOf(widget, "title") ?? "Line chart"}
              dates={dates}
              partial={new Set(charts[0]?.partial)}
              lines={drawn}
              baselines={baselinesOf(widget)}
              yTitle={textOf(widget, "yAxisTitle") ?? sharedUnit(drawn)}
              interval={axis.timeInterval}
              timeZone={context.timeZone}
              onOpen={(line, at) => {
                const from = dates[at];
                if (from === undefined) return;
                const range = { from: iso(from), to: iso(dates[at + 1] ?? end) };
                if (line.question.entity !== null)
                  void navigate({ to: "/c/$blueprint/$id", params: line.question.entity });
                else if (line.question.scope !== null)
                  void navigate(
                    rowsLink(line.question.scope, [
                      { property: line.question.measureTimeBy, operator: "between", value: range },
                      ...line.rules,
                    ]),
                  );
              }}
            />
          </Suspense>
        );
      }}
    </WidgetState>
  );
}

const iso = (time: number): string => new Date(time).toISOString();

function baselinesOf(widget: WidgetDoc): { name: string; value: number }[] {
  const { baselines } = widget;
  if (!Array.isArray(baselines)) return [];
  return (baselines as Readonly<Record<string, unknown>>[]).flatMap(({ name, value }) =>
    typeof value === "number" ? [{ name: typeof name === "string" ? name : "", value }] : [],
  );
}
