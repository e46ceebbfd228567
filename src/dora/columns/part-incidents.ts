import { addTo, type Cell, type Choice, type Counts, INCIDENT, rowsIn, runOf } from "./cell.ts";
import { INCIDENT_BITS, reasonCode } from "./layout.ts";

const CODE = {
  status: reasonCode({ reason: "status" }),
  span: reasonCode({ reason: "negative_span" }),
  stage: reasonCode({ reason: "negative_stage" }),
  linked: reasonCode({ reason: "not_linked" }),
  caused: reasonCode({ reason: "not_caused" }),
} as const;

type NameOf = (service: number) => string;

export function incidentsIn(
  cells: readonly Cell[],
  choice: Choice,
  excluded: { readonly unlinked: Counts; readonly incidents: Counts },
  nameOf: NameOf,
) {
  const ended: number[] = [];
  const unended: number[] = [];
  const twins = new Map<string, number>();
  let [incidents, linked, judgedUncaused, skewed, lastEnd] = [0, 0, 0, 0, -Infinity];
  for (const { data, row } of distinctIncidents(cells, choice, nameOf)) {
    const value = (column: number): number => data[row + column] as number;
    const [at, end, bits] = [value(INCIDENT.at), value(INCIDENT.end), value(INCIDENT.bits)];
    const is = (bit: number): boolean => (bits & bit) !== 0;
    const code = bits & 0xff;
    if (value(INCIDENT.twin) >= 0) {
      const key = `${value(INCIDENT.twin)} ${at}`;
      twins.set(key, (twins.get(key) ?? 0) + 1);
    }
    const isUncaused = is(INCIDENT_BITS.unblamed) && is(INCIDENT_BITS.judged);
    if (code === CODE.status) addTo(excluded.unlinked, code);
    else {
      incidents++;
      if (is(INCIDENT_BITS.linked)) linked++;
      if (isUncaused) judgedUncaused++;
      if (is(INCIDENT_BITS.unblamed)) addTo(excluded.unlinked, isUncaused ? CODE.caused : CODE.linked);
      else if (!is(INCIDENT_BITS.linked)) addTo(excluded.unlinked, CODE.linked);
    }
    if (code > 0) addTo(excluded.incidents, code);
    if (code === CODE.span || code === CODE.stage) skewed++;
    if (code > 0) continue;
    if (end > lastEnd) lastEnd = end;
    if (end <= choice.until) ended.push(end - at);
    else unended.push(at);
  }
  let incidentTwins = 0;
  for (const count of twins.values()) incidentTwins += count - 1;
  return { ended: runOf(ended), unended, incidents, linked, judgedUncaused, incidentTwins, skewed, lastEnd };
}

interface Row {
  readonly data: Float64Array;
  readonly row: number;
}

/** One that names several services once: as the first of them by name sees it. */
function distinctIncidents(cells: readonly Cell[], choice: Choice, nameOf: NameOf): Iterable<Row> {
  const found = new Map<number, Row>();
  const nameAt = ({ data, row }: Row): string => nameOf(data[row - 1] as number);
  for (const { incidents } of cells) {
    const { data } = incidents;
    for (const row of rowsIn(incidents, choice)) {
      const key = data[row + INCIDENT.key] as number;
      const one = { data, row };
      const other = found.get(key);
      if (other === undefined || nameAt(one) < nameAt(other)) found.set(key, one);
    }
  }
  return found.values();
}
