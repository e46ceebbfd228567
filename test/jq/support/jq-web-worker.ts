/** Runs jq-web: one message in (program and JSON text), one out. A crash of the WebAssembly ends the worker. */
import { parentPort } from "node:worker_threads";
import jqWeb from "jq-web";

export interface Question {
  readonly program: string;
  readonly input: string;
}
export interface Answer {
  /** What jq printed; when it failed, `failure` is its complaint. */
  readonly output: string;
  readonly failure: string | null;
}

const jq = await jqWeb;
parentPort!.on("message", ({ program, input }: Question) => {
  let answer: Answer;
  try {
    answer = { output: jq.raw(input, program, ["-c"]), failure: null };
  } catch (error) {
    if (!(error instanceof Error && "exitCode" in error)) throw error;
    answer = { output: "", failure: error.message };
  }
  parentPort!.postMessage(answer);
});
