import type { Trap } from "../hosts/host.ts";
import { dockerfileUnquoted } from "./dockerfile-unquoted.ts";
import { envFileQuotes } from "./env-file-quotes.ts";
import type { ProcessRule, TrapRule } from "./host-rule.ts";
import { shellUnquoted } from "./shell-unquoted.ts";
import { systemdUnquoted } from "./systemd-unquoted.ts";
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
export const processRules: readonly ProcessRule[] = [];
