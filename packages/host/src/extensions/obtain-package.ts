import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { refuseClosed } from "@mh/core/disk/outside-path.ts";
import { refused } from "@mh/core/extensions/package-tree.ts";
import type { Staged } from "@mh/core/extensions/staging.ts";
import { stopPath } from "@mh/core/kernel/stop-path.ts";
import type { Http } from "@mh/core/ports/http.ts";
import type { ClosedPlaces } from "../home/closed-places.ts";
import { realOf } from "../places.ts";
import { treeFromFolder } from "./from-folder.ts";
import { type GitSource, treeFromGit } from "./from-git.ts";
import { type NpmSource, registryOf, treeFromNpm } from "./from-npm.ts";

interface ObtainDeps {
  http: Http;
  environment: Record<string, string | undefined>;
  /** Of the home. */
  root: string;
  closed: ClosedPlaces;
}

/** Gets a package from where the owner says: a folder, a git repository, or an npm registry. Throws `skill.refused`. */
export async function obtainPackage(
  { http, environment, root, closed }: ObtainDeps,
  source: string,
  signal: AbortSignal,
): Promise<Staged> {
  const git = path.isAbsolute(source) ? undefined : gitSource(source);
  const folder = git?.protocol === "file" ? fileURLToPath(git.url) : source;
  // No package is taken out of another home, or from beside the keys.
  if (path.isAbsolute(folder)) refuseClosed("skill.fetch", "source", realOf(path.resolve(folder)), closed.toOwner());
  if (path.isAbsolute(source)) return { tree: treeFromFolder(source), source };
  if (git)
    return { tree: await treeFromGit(git, { environment, stopFile: path.join(root, stopPath) }, signal), source };
  const npm = npmSource(source);
  if (!npm) throw refused(`${source.slice(0, 100)} is no folder, no git URL (https, ssh or file) and no npm package`);
  const { tree, version } = await treeFromNpm(npm, { http, registry: registryOf(environment), signal });
  return { tree, source: `npm:${npm.name}${npm.version === "latest" ? "" : `@${version}`}` };
}

/** `https://host/repository.git#branch:folder`; `git+` may stand before it, and ssh may be written as scp does. */
function gitSource(text: string): GitSource | undefined {
  const [, address = "", ref, folder] = /^(?:git\+)?([^#]+)(?:#([^:]*)(?::(.+))?)?$/.exec(text) ?? [];
  const found = /^(https|ssh|file):\/\/[^/]*\/./.exec(address) ?? /^(file):\/\/\/./.exec(address);
  const scp = /^[a-z0-9][\w.-]*@[a-z0-9][\w.-]*:[\w./~-]+$/i.test(address);
  const protocol = (scp ? "ssh" : found?.[1]) as GitSource["protocol"] | undefined;
  if (!protocol || /[\s\p{C}]/u.test(address) || /^-|::|\/-/.test(address)) return undefined;
  // Where a package came from is written down, and shown.
  if (/^https:\/\/[^/]*@/.test(address))
    throw refused("its address holds a name or a password; an ssh address needs none");
  if (ref && (!/^[\w./-]+$/.test(ref) || ref.startsWith("-"))) throw refused(`${ref} is no branch or tag`);
  return { url: address, protocol, ref: ref || undefined, folder };
}

/** `npm:name@version`, or without `npm:`. */
function npmSource(text: string): NpmSource | undefined {
  const [, name, version = "latest"] =
    /^(?:npm:)?((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)(?:@([\w.-]+|[\w.^~<>=*| -]+))?$/.exec(text) ?? [];
  if (!name) return undefined;
  if (/[^\w.-]/.test(version))
    throw refused(`${version.slice(0, 100)} names many versions: write out one, or none for the latest`);
  return { name, version };
}
