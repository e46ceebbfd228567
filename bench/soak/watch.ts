/** Memory and handles of processes, minute by minute, and by how much they grow. */
import { handles, megabytes } from "../support/process-usage.ts";
import { slope } from "../support/statistics.ts";

interface Sample {
  readonly minute: number;
  readonly pid: number;
  readonly megabytes: number;
  readonly handles: number;
}

export interface Watch {
  /** @returns what it saw, as a text */
  sample(minute: number): string;
  /** Prints by how much they grew from this minute on. @returns whether that is less than the limits, for each process */
  report(from: number, limits: { readonly megabytes: number; readonly handles: number }): boolean;
}

/** @param pids of the processes as they are now; 0 for one that is down */
export function createWatch(pids: readonly (() => number)[]): Watch {
  const samples = pids.map((): Sample[] => []);
  return {
    sample: (minute) => {
      const seen = pids.map((pidOf, at) => {
        const pid = pidOf();
        const sample = { minute, pid, megabytes: megabytes(pid), handles: handles(pid) };
        if (pid !== 0) samples[at]?.push(sample);
        return sample;
      });
      const list = (key: "megabytes" | "handles"): string =>
        seen.map(({ [key]: value }) => value.toFixed(0)).join(" ");
      return `${list("megabytes")}  ${list("handles")}`;
    },
    report: (from, limits) => {
      let isFlat = true;
      for (const [at, all] of samples.entries()) {
        // One that was replaced begins anew.
        const last = all.at(-1)?.pid;
        const some = all.filter(({ minute, pid }) => minute > from && pid === last);
        for (const key of ["megabytes", "handles"] as const) {
          const grows = slope(some.map((sample) => [sample.minute, sample[key]] as const));
          const isOver = grows > limits[key];
          isFlat &&= !isOver;
          console.log(
            `process ${at + 1}: ${key} ${some[0]?.[key].toFixed(0)} → ${some.at(-1)?.[key].toFixed(0)} in ${some.length} samples, ` +
              `${grows.toFixed(2)} a minute; flat below ${limits[key]}${isOver ? ": IT GROWS" : ""}`,
          );
        }
      }
      return isFlat;
    },
  };
}
