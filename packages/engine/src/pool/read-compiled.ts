import type { CompiledTexts } from "../compile-cache.ts";
import type { Frame } from "../frame.ts";

/** The compiled jobs that a child tells, or `undefined` where the frame is something else. */
export function readCompiled({ head, body }: Frame): CompiledTexts | undefined {
  if (typeof head !== "object" || head === null || !("type" in head)) return undefined;
  if (head.type !== "compiled") return undefined;
  try {
    const texts = JSON.parse(body) as unknown;
    if (typeof texts !== "object" || texts === null || Array.isArray(texts)) return undefined;
    return Object.values(texts).every((text) => typeof text === "string")
      ? (texts as CompiledTexts)
      : undefined;
  } catch {
    return undefined;
  }
}
