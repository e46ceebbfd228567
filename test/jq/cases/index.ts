import type { Table } from "../support/table.ts";
import { basics } from "./basics.ts";
import { literals } from "./literals.ts";
import { operators } from "./operators.ts";
import { collections } from "./collections.ts";
import { paths } from "./paths.ts";
import { assignment } from "./assignment.ts";
import { strings } from "./strings.ts";
import { formats } from "./formats.ts";
import { regex } from "./regex.ts";
import { dates } from "./dates.ts";
import { math } from "./math.ts";
import { control } from "./control.ts";
import { destructuring } from "./destructuring.ts";
import { streams } from "./streams.ts";
import { traps } from "./traps.ts";
import { versions } from "./versions.ts";
import { errors } from "./errors.ts";
import { additions } from "./additions.ts";

export const TABLES: readonly Table[] = [
  basics,
  literals,
  operators,
  collections,
  paths,
  assignment,
  strings,
  formats,
  regex,
  dates,
  math,
  control,
  destructuring,
  streams,
  traps,
  versions,
  errors,
  additions,
];
