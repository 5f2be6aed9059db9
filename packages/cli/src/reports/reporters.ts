import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { pretty } from "./pretty.ts";
import type { Reporter } from "./report.ts";
import { sarif } from "./sarif.ts";

export const reporters: Readonly<Record<string, Reporter>> = {
  pretty,
  json,
  sarif,
  github,
  gitlab,
  junit,
};
