import { describe, expect, it } from "vitest";
import { compiled } from "./compiled.ts";

describe("ensure exports", () => {
  it.each([
    ["", "\nexport default [];\n"],
    ["// only this", "// only this\nexport default [];\n"],
    ["export const execute = 1;", "export const execute = 1;\nexport default [];\n"],
    ["export { x };\nconst x = 1;", "export { x };\nconst x = 1;\nexport default [];\n"],
  ])("adds an empty array to %j", (source, expected) => {
    expect(compiled(source)).toBe(expected);
  });

  it.each([
    "export default 1",
    "export { x as default };\nconst x = [];",
    'export { x as "default" };\nconst x = [];',
    'export { default } from "@openfn/language-common"',
    'export * as default from "@openfn/language-common"',
  ])("leaves %j alone", (source) => {
    expect(compiled(source)).toBe(`${source}\n`);
  });
});
