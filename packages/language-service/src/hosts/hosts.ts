import { ciYaml } from "./ci-yaml.ts";
import { compose } from "./compose.ts";
import { dockerfile } from "./dockerfile.ts";
import { dotenv } from "./dotenv.ts";
import { helmTemplate } from "./helm-template.ts";
import type { Host } from "./host.ts";
import { kubernetes } from "./kubernetes.ts";
import { nameValueJson, values } from "./name-value.ts";
import { packageJson } from "./package-json.ts";
import { procfile } from "./procfile.ts";
import { shell } from "./shell.ts";
import { sourceText } from "./source-text.ts";
import { systemd } from "./systemd.ts";
import { workloopsFile } from "./workloops-file.ts";

/** The hosts, in the order in which they are asked: the first that claims a file reads it. */
export const hosts: readonly Host[] = [
  workloopsFile,
  dotenv,
  dockerfile,
  procfile,
  packageJson,
  systemd,
  ciYaml,
  helmTemplate,
  kubernetes,
  compose,
  values,
  nameValueJson,
  sourceText,
  shell,
];
