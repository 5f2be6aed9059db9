// A vitest reporter: one JUnit XML file a package under reports/, because the rooms of
// test/ mirror those of packages/ and a CI page is read by room.
import { mkdirSync, writeFileSync } from "node:fs";
import { relative, sep } from "node:path";

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// XML 1.0 has no way to write most control characters, not even escaped.
const xml = (text) =>
  text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "�")
    .replace(/[&<>"]/g, (c) => escapes[c]);

function testCase(test, file) {
  const { state, errors } = test.result();
  const seconds = ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(3);
  const open = `<testcase classname="${xml(file)}" name="${xml(test.fullName)}" time="${seconds}"`;
  if (state === "skipped") return `${open}><skipped/></testcase>`;
  if (state !== "failed") return `${open}/>`;
  const said = (errors ?? []).map((e) => `${e.message}\n${e.stack ?? ""}`).join("\n");
  return `${open}><failure message="${xml(errors?.[0]?.message ?? "failed")}">${xml(said)}</failure></testcase>`;
}

export default class JunitByPackage {
  onTestRunEnd(modules) {
    const folder = process.env.WORKLOOPS_REPORTS ?? "reports";
    const suffix = process.env.WORKLOOPS_REPORT_SUFFIX ?? "";
    const rooms = new Map();
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      const parts = file.split(sep);
      // test/parser/x.test.ts and test/e2e/worker/x.test.ts belong to their package.
      const room = (parts[1] === "e2e" ? parts[2] : parts[1]) ?? "repository";
      const name = room.endsWith(".test.ts") ? "repository" : room;
      const cases = rooms.get(name) ?? [];
      const broken = module.errors();
      if (broken.length > 0) {
        cases.push(
          `<testcase classname="${xml(file)}" name="loads"><failure message="${xml(broken[0].message)}"/></testcase>`,
        );
      }
      for (const test of module.children.allTests()) cases.push(testCase(test, file));
      rooms.set(name, cases);
    }
    mkdirSync(folder, { recursive: true });
    for (const [name, cases] of rooms) {
      const count = (tag) => cases.filter((c) => c.includes(tag)).length;
      const head = `<testsuite name="${name}" tests="${cases.length}" failures="${count("<failure")}" skipped="${count("<skipped/>")}">`;
      writeFileSync(
        `${folder}/${name}${suffix}.xml`,
        `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${cases.join("\n")}\n</testsuite>\n`,
      );
    }
  }
}
