import { loadDemo } from "./load-demo.ts";

export interface DemoProgress {
  readonly status: "none" | "running" | "completed" | "failed";
  /** 0..1 */
  readonly progress: number;
}

export interface DemoDeps {
  /** Where the server answers, once it does. */
  readonly url: () => string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly now: () => Date;
  /** Told at every step. */
  readonly moved: () => void;
}

/** Loads demo data into this server, and knows how far it is. */
export function createDemo({ url, clientId, clientSecret, now, moved }: DemoDeps): {
  readonly state: () => DemoProgress;
  readonly run: () => Promise<void>;
} {
  let state: DemoProgress = { status: "none", progress: 0 };
  return {
    state: () => state,
    run: async () => {
      state = { status: "running", progress: 0 };
      try {
        await loadDemo({
          ...{ url: url(), clientId, clientSecret, now: now() },
          onProgress: (progress) => {
            state = { status: "running", progress };
            moved();
          },
        });
        state = { status: "completed", progress: 1 };
      } catch (error) {
        state = { ...state, status: "failed" };
        throw error;
      } finally {
        moved();
      }
    },
  };
}
