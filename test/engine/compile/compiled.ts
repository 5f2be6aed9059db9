import { compileJob } from "../../../packages/engine/src/compile/compile-job.ts";

/** What the tests offer as an adaptor. */
const common = {
  specifier: "@openfn/language-common",
  names: ["fn", "each", "dataValue", "execute"],
};

/** A job's module as text, with language-common as its adaptor. Throws where it has a problem. */
export function compiled(source: string, adaptors = [common]): string {
  const result = compileJob(source, adaptors);
  if ("problem" in result) throw new Error(JSON.stringify(result.problem));
  return result.code;
}

/** The text of the only operation of a job. */
export function operation(source: string): string {
  const [, text] = /export default \[\n([\s\S]*),\];\n$/.exec(compiled(source)) ?? [];
  if (text === undefined) throw new Error(`no operation in: ${compiled(source)}`);
  return text;
}

/** Where a job has its problem, as `line:column`, and what it is. */
export function problem(source: string): string {
  const result = compileJob(source, [common]);
  if (!("problem" in result)) throw new Error(`compiled: ${result.code}`);
  return `${result.problem.line}:${result.problem.column} ${result.problem.message}`;
}
