// A runner for tests that share one slow thing: names as they run, one failure does not end
// the rest, JUnit XML at the end.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { performance } from "node:perf_hooks";

const xml = (text) =>
  String(text)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "�")
    .replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

/** A minute is ten times what the slowest scenario takes on two cores. */
const maxTestMs = 60_000;

export function suite(file) {
  const cases = [];
  return {
    /** Runs one test now. `onFailure` may leave something behind that shows what was seen. */
    test: async (group, name, work, onFailure = async () => {}) => {
      const start = performance.now();
      let timer;
      const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no end after ${maxTestMs} ms`)), maxTestMs);
      });
      let failure;
      try {
        await Promise.race([work(), limit]);
      } catch (error) {
        failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
        await onFailure(failure);
      } finally {
        clearTimeout(timer);
      }
      const seconds = ((performance.now() - start) / 1000).toFixed(2);
      cases.push({ group, name, seconds, failure });
      console.log(`${failure === undefined ? " ✓" : " ×"} ${group} > ${name} ${seconds} s`);
      if (failure !== undefined) console.log(failure.replace(/^/gm, "     "));
    },
    /** Writes the report; the number of tests that failed. */
    end: () => {
      const failed = cases.filter((c) => c.failure !== undefined).length;
      const rows = cases.map(({ group, name, seconds, failure }) => {
        const head = `<testcase classname="editor.${xml(group)}" name="${xml(name)}" time="${seconds}"`;
        if (failure === undefined) return `${head}/>`;
        const [first] = failure.split("\n");
        return `${head}><failure message="${xml(first)}">${xml(failure)}</failure></testcase>`;
      });
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        file,
        `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="editor-e2e" tests="${cases.length}" failures="${failed}" skipped="0">\n${rows.join("\n")}\n</testsuite>\n`,
      );
      console.log(`${cases.length - failed} passed, ${failed} failed`);
      return failed;
    },
  };
}
