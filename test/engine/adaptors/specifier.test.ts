import { describe, expect, it } from "vitest";
import { compareVersions } from "../../../packages/engine/src/adaptors/compare-versions.ts";
import { readSpecifier } from "../../../packages/engine/src/adaptors/specifier.ts";

describe("specifier", () => {
  it.each([
    ["@openfn/language-http@7.2.10", "@openfn/language-http", "7.2.10"],
    ["@openfn/language-http@1.0.0-rc.1", "@openfn/language-http", "1.0.0-rc.1"],
    ["@openfn/language-http@latest", "@openfn/language-http", "latest"],
    ["@openfn/language-http@next", "@openfn/language-http", "next"],
    ["@openfn/language-http@local", "@openfn/language-http", "local"],
    ["@openfn/language-http", "@openfn/language-http", undefined],
  ])("reads %s", (text, name, version) => {
    expect(readSpecifier(text)).toEqual({ name, ...(version && { version }) });
  });

  it.each([
    "",
    "left-pad@1.3.0",
    "not a package",
    "@openfn/language-http@^7.0.0",
    "@openfn/language-http@file:../x",
    "@openfn/language-http@git+ssh://x",
    "@openfn/language-http@1.0.0; rm -rf /",
    "@openfn/../../etc@1.0.0",
    "@openfn/.hidden@1.0.0",
    "@openfn/language-http@1.0.0\n",
    "@openfn/--registry=x@1.0.0",
    "@OpenFn/language-http@1.0.0",
    `@openfn/${"a".repeat(300)}@1.0.0`,
  ])("refuses %j", (text) => {
    expect(readSpecifier(text)).toBeUndefined();
  });
});

describe("compare versions", () => {
  it("orders by number, a prerelease before its release", () => {
    const ordered = [
      "1.0.0-alpha",
      "1.0.0-alpha.1",
      "1.0.0-rc.2",
      "1.0.0-rc.10",
      "1.0.0",
      "1.2.0",
      "1.10.0",
      "2.0.0",
    ];
    expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
    expect(compareVersions("1.0.0+a", "1.0.0+b")).toBe(0);
  });
});
