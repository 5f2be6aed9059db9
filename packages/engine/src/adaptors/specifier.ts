/** A package by name, with the version where one is named. */
export interface Specifier {
  readonly name: string;
  /** A version, `latest`, `next` or `local`. */
  readonly version?: string;
}

const maxCharacters = 214;
const pattern =
  /^(@openfn\/[a-z0-9][a-z0-9._-]*)(?:@([0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.-]+)?|latest|next|local))?$/;

/**
 * Reads `@openfn/language-http@7.2.10`. `undefined` for anything but a package of OpenFn's
 * scope with an exact version or one of three tags: names come from plans, and what passes
 * here reaches the file system and npm's argument list.
 */
export function readSpecifier(text: string): Specifier | undefined {
  if (text.length > maxCharacters) return undefined;
  const [, name, version] = pattern.exec(text) ?? [];
  if (name === undefined) return undefined;
  return version === undefined ? { name } : { name, version };
}

/** The folder and dependency name of one installed version, as OpenFn's runtime lays them out. */
export function aliasOf(name: string, version: string): string {
  return `${name}_${version}`;
}
