import type { Bomb } from "./bomb.ts";
import { COMPILE_TIME } from "./compile-time.ts";
import { NAMED } from "./named.ts";
import { REGEX } from "./regex.ts";
import { RUN_TIME } from "./run-time.ts";

export const BOMBS: readonly Bomb[] = [...NAMED, ...COMPILE_TIME, ...RUN_TIME, ...REGEX];
