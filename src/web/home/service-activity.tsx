import { useIntersection } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { metricsQuery } from "../api/queries.ts";
import { DEFAULT_QUERY } from "../lib/dora-search.ts";
import { ago } from "../lib/format.ts";
import { Bone } from "../parts/bone.tsx";
import css from "./home.module.css";

/** Two cells of a service row, asked for when the row comes into view: the same question its DORA page asks. */
export function ServiceActivity({ service }: { service: string }) {
  const { ref, entry } = useIntersection<HTMLTableCellElement>({ rootMargin: "100px" });
  const { data, error } = useQuery({
    ...metricsQuery({ ...DEFAULT_QUERY, scope: { blueprint: "service", entity: service } }),
    enabled: entry?.isIntersecting ?? false,
  });
  const counts = data?.series.deploymentFrequency?.map(({ n }) => n) ?? [];
  const last = data?.coverage.sources.find(({ role }) => role === "deployment")?.lastEventAt ?? null;
  return (
    <>
      <td ref={ref} className={css["spark"]}>
        {data ? <Spark counts={counts} /> : error ? "–" : <Bone width={120} height={20} />}
      </td>
      <td className={css["last"]}>{data ? (last === null ? "–" : ago(last, Date.now())) : null}</td>
    </>
  );
}

const WIDTH = 120;
const HEIGHT = 22;

function Spark({ counts }: { counts: readonly number[] }) {
  const top = Math.max(1, ...counts);
  const step = WIDTH / Math.max(1, counts.length);
  const total = counts.reduce((sum, value) => sum + value, 0);
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={`${total} deployments in ${counts.length} weeks`}
    >
      {counts.map((value, index) => {
        const height = value === 0 ? 1 : Math.max(2, (value / top) * HEIGHT);
        return (
          <rect
            // Bars have no identity but their place.
            key={index}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(1, step - 2)}
            height={height}
            fill={value === 0 ? "var(--line-strong)" : "var(--chart)"}
            rx={1}
          />
        );
      })}
    </svg>
  );
}
