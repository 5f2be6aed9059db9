// `node scripts/count-reports.mjs [FAILED_STAGE…]`: adds up the JUnit files under reports/
// and closes with the plain line that CI reads. A stage that failed without a failing
// test of its own (a type error, a budget) counts as one failure.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const folder = join(root, "reports");
const failedStages = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder)
  .filter((f) => f.endsWith(".xml"))
  .sort()) {
  const text = readFileSync(join(folder, file), "utf8");
  const cases = text.match(/<testcase\b/g)?.length ?? 0;
  const failures = text.match(/<(failure|error)\b/g)?.length ?? 0;
  console.log(`${file}: ${cases - failures} passed, ${failures} failed`);
  passed += cases - failures;
  failed += failures;
}
if (failedStages.length > 0) console.log(`stages that failed: ${failedStages.join(", ")}`);
failed = Math.max(failed, failedStages.length);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
