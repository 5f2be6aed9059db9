// What a bundle holds of others is named beside it, with its licence, as most licences ask.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

/** The folders of the npm packages that stand in metafiles of esbuild, once each. */
function packageFolders(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  return [...folders];
}

function notice(folder) {
  const at = join(root, folder);
  const { name, version, license } = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
  const file = readdirSync(at).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined
      ? "The package carries no text of its licence and names it in its package.json alone."
      : readFileSync(join(at, file), "utf8").trim();
  return { key: `${name}@${version}`, text: `${name} ${version} (${license})\n\n${text}` };
}

/** Writes THIRD-PARTY-NOTICES.txt into a folder of bundles, from the metafiles of all of them. */
export function writeNotices(folder, metafiles) {
  if (!existsSync(join(root, folder))) return;
  const notices = new Map(
    packageFolders(metafiles).map((one) => {
      const { key, text } = notice(one);
      return [key, text];
    }),
  );
  const rule = `\n\n${"-".repeat(72)}\n\n`;
  const texts = [...notices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  const head = "The bundles in this folder hold code of these packages.";
  writeFileSync(join(root, folder, "THIRD-PARTY-NOTICES.txt"), `${[head, ...texts].join(rule)}\n`);
}
