import { type Context, SyntheticModule } from "node:vm";
import type { ModuleLoader } from "./module-loader.ts";

/** What `@openfn/runtime` passes for each import of a job: versions by package name. */
interface LinkOptions {
  readonly modules?: Readonly<Record<string, { readonly version?: string }>>;
}

export type LinkModule = (
  specifier: string,
  context: Context,
  options: LinkOptions,
) => Promise<SyntheticModule>;

/** Gives a job's module what it imports: the step's version of a package, else the newest installed. */
export function linkModule(loader: ModuleLoader): LinkModule {
  return async (specifier, context, options) => {
    const version = options.modules?.[specifier]?.version;
    const exports = await loader.load(
      version === undefined ? specifier : `${specifier}@${version}`,
    );
    const names = Object.keys(exports);
    const module = new SyntheticModule(
      names,
      () => {
        for (const name of names) module.setExport(name, exports[name]);
      },
      { context, identifier: specifier },
    );
    await module.link(() => {
      throw new Error("A synthetic module imports nothing.");
    });
    await module.evaluate();
    return module;
  };
}
