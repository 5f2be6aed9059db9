import type { RuleText } from "@workloops/parser";
import type { Trap } from "../hosts/host.ts";
import { adaptorsNotKept } from "./adaptors-not-kept.ts";
import { dockerfileUnquoted } from "./dockerfile-unquoted.ts";
import { envFileQuotes } from "./env-file-quotes.ts";
import type { ProcessRule, TrapRule } from "./host-rule.ts";
import { imageUnpinned } from "./image-unpinned.ts";
import { journalNotKept } from "./journal-not-kept.ts";
import { legacyFlag } from "./legacy-flag.ts";
import { queueUnserved } from "./queue-unserved.ts";
import { serviceUrlInvalid } from "./service-url-invalid.ts";
import { shellUnquoted } from "./shell-unquoted.ts";
import { suppressionReasonMissing } from "./suppression-reason-missing.ts";
import { suppressionUnused } from "./suppression-unused.ts";
import { systemdUnquoted } from "./systemd-unquoted.ts";
import { variableUnknown } from "./variable-unknown.ts";
import { workloopsUnsupported } from "./workloops-unsupported.ts";
import { yamlAlias } from "./yaml-alias.ts";
import { yamlCommentCuts } from "./yaml-comment-cuts.ts";
import { yamlNotAString } from "./yaml-not-a-string.ts";

/** The rules over a host's own syntax, by code. */
export const trapRules: { readonly [C in Trap["code"]]: TrapRule } = {
  "shell-unquoted": shellUnquoted,
  "yaml-alias": yamlAlias,
  "yaml-comment-cuts": yamlCommentCuts,
  "yaml-not-a-string": yamlNotAString,
  "env-file-quotes": envFileQuotes,
  "systemd-unquoted": systemdUnquoted,
  "dockerfile-unquoted": dockerfileUnquoted,
};

/** The rules over one process of a file, and what other files give to it. */
export const processRules: readonly ProcessRule[] = [
  legacyFlag,
  workloopsUnsupported,
  variableUnknown,
  serviceUrlInvalid,
  adaptorsNotKept,
  journalNotKept,
  imageUnpinned,
];

/** Every rule of this package, in the order in which it is listed. */
export const hostRules: readonly RuleText[] = [
  ...Object.values(trapRules),
  ...processRules,
  queueUnserved,
  suppressionUnused,
  suppressionReasonMissing,
];
