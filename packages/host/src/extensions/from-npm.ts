import { createHash, timingSafeEqual } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { refused, type Tree, treeBounds } from "@mh/core/extensions/package-tree.ts";
import type { Http } from "@mh/core/ports/http.ts";
import { z } from "zod";
import { untar } from "./untar.ts";

const usualRegistry = "https://registry.npmjs.org/";

export interface NpmSource {
  name: string;
  /** A version or a tag. */
  version: string;
}

const packumentSchema = z.object({
  "dist-tags": z.record(z.string(), z.string()),
  versions: z.record(
    z.string(),
    z.object({
      dist: z.object({ tarball: z.string(), integrity: z.string().optional(), shasum: z.string().optional() }),
    }),
  ),
});

/**
 * The files of a package of an npm registry: its tarball, fetched and checked by its own hash. npm itself is not run, so
 * neither is any script of the package.
 */
export async function treeFromNpm(
  { name, version }: NpmSource,
  { http, registry, signal }: { http: Http; registry: string; signal: AbortSignal },
): Promise<{ tree: Tree; version: string }> {
  const base = new URL(registry.endsWith("/") ? registry : `${registry}/`);
  const get = async (url: URL, bytesMax: number, accept: string) => {
    const answer = await http.request({
      ...{ method: "GET", url: url.href, headers: { accept, "user-agent": "mh" } },
      ...{ reach: "any", timeoutMs: 30_000, bytesMax, signal },
    });
    if (answer.status === 200) return answer.body;
    throw refused(`${url.host} answered with status ${answer.status} for ${name}`);
  };
  const told = await get(new URL(name.replace("/", "%2f"), base), 20_000_000, "application/json");
  const packument = packumentSchema.safeParse(parsed(told));
  if (!packument.success) throw refused(`${base.host} told nothing that can be read of ${name}`);
  const { versions, "dist-tags": tags } = packument.data;
  const exact = Object.hasOwn(versions, version) ? version : Object.hasOwn(tags, version) ? tags[version] : undefined;
  const dist = exact === undefined || !Object.hasOwn(versions, exact) ? undefined : versions[exact]?.dist;
  if (!exact || !dist) throw refused(`${name} has no version ${version}`);
  const at = URL.parse(dist.tarball);
  if (at?.origin !== base.origin) throw refused(`its archive does not lie on ${base.host}, where it was looked for`);
  const tarball = await get(at, treeBounds.bytesMax, "application/octet-stream");
  if (!isWhole(tarball, dist)) throw refused("its archive is not the one that the registry tells of");
  return { tree: untar(tarball), version: exact };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** By the strongest hash that is told: SRI (W3C Subresource Integrity) with SHA-512. */
function isWhole(bytes: Uint8Array, { integrity }: { integrity?: string | undefined }): boolean {
  const told = integrity
    ?.split(/\s+/)
    .find((each) => each.startsWith("sha512-"))
    ?.slice("sha512-".length);
  if (told === undefined) return false;
  const [own, other] = [createHash("sha512").update(bytes).digest(), Buffer.from(told, "base64")];
  return own.length === other.length && timingSafeEqual(own, other);
}

/** The registry that npm would ask: by its environment, by the owner's `.npmrc`, or the usual one. */
export function registryOf(environment: Record<string, string | undefined>): string {
  const named = environment.npm_config_registry ?? environment.NPM_CONFIG_REGISTRY ?? fromNpmrc(environment.HOME);
  return named && URL.canParse(named) && /^https?:/.test(named) ? named : usualRegistry;
}

function fromNpmrc(home: string | undefined): string | undefined {
  const file = home === undefined ? undefined : path.join(home, ".npmrc");
  if (file === undefined || !fs.existsSync(file)) return undefined;
  return /^\s*registry\s*=\s*(\S+)\s*$/m.exec(fs.readFileSync(file, "utf8"))?.[1];
}
