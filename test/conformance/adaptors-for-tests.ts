import { join } from "node:path";
import { installAdaptors } from "@workloops/engine/install-adaptors";

/** Where the two adaptors of the vectors lie; kept between runs of the tests. */
export const adaptorRepo = join(
  import.meta.dirname,
  "../../node_modules/.cache/workloops-adaptors",
);

/** Installs them with our own installer, unless they are there. */
export async function installTestAdaptors(): Promise<void> {
  const adaptors = ["@openfn/language-common@3.2.3", "@openfn/language-http@7.2.10"];
  const results = await installAdaptors(adaptors, { repoDir: adaptorRepo });
  const failed = results.flatMap((result) => ("problem" in result ? [result.problem] : []));
  if (failed.length > 0) throw new Error(failed.join("\n"));
}
