import type { Platform } from "../process.ts";
import type { LooseReader } from "../yaml/loose.ts";

/** Reads any YAML or JSON by the names in it alone. */
export function looseReader(platform: Platform): LooseReader {
  return {
    platform,
    inherits: false,
    scripts: /^(?:run|runcmd|script|shell|cmd|user_?data|inline)$/i,
    // A template's braces would be taken for what they say.
    decode: (value) => ({
      ...value,
      write: (next) => (next.includes("{{") ? undefined : value.write(next)),
    }),
  };
}
