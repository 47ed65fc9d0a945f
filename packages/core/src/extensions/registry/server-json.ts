import type { ReachedWay } from "@mh/contract/mcp-registry.ts";
import { z } from "zod";
import { secretPlace } from "../secret-places.ts";

const text = (max: number) => z.string().max(max);
const input = z.looseObject({
  name: text(200),
  value: text(2_000).optional(),
  default: text(2_000).optional(),
  description: text(2_000).optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
});

/** `server.json` as the registry gives it (schema 2025-12-11), as far as it is used here; the rest counts in its hash. */
export const serverJsonSchema = z.looseObject({
  name: text(200),
  version: text(100),
  description: text(2_000).default(""),
  remotes: z
    .array(z.looseObject({ type: text(50), url: text(2_000), headers: z.array(input).max(50).default([]) }))
    .max(20)
    .default([]),
  packages: z
    .array(z.looseObject({ registryType: text(50), identifier: text(500), version: text(100).optional() }))
    .max(50)
    .default([]),
});
export type ServerJson = z.infer<typeof serverJsonSchema>;

/** Every way in which it says that it is reached, those that can be gone from here first. */
export function waysOf({ remotes, packages }: ServerJson): ReachedWay[] {
  const ways = [...remotes.map(remoteWay), ...packages.map(packageWay)];
  return [...ways.filter(({ why }) => why === null), ...ways.filter(({ why }) => why !== null)];
}

function remoteWay({ type, url, headers }: ServerJson["remotes"][number]): ReachedWay {
  const notes: string[] = [];
  const filled = headers.flatMap((header): [string, string][] => {
    const value = header.value ?? header.default;
    const isOpen = value === undefined || /\{[\w-]+\}/.test(value);
    if (!isOpen && header.isSecret !== true) return [[header.name, value]];
    if (header.isRequired !== true && header.isSecret !== true) return [];
    const secret = `{server}-${header.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
    notes.push(`${header.name} needs a value: \`mh secret set ${secret}\`. ${header.description ?? ""}`.trim());
    const placed = /\{[\w-]+\}/.test(value ?? "")
      ? (value ?? "").replace(/\{[\w-]+\}/g, secretPlace(secret))
      : undefined;
    return [[header.name, placed ?? secretPlace(secret)]];
  });
  const why = whyNotReached(type, url) ?? whyNotFilled(headers);
  return { how: url, url: why === null ? url : null, headers: Object.fromEntries(filled), notes, why };
}

function whyNotReached(type: string, url: string): string | null {
  if (type !== "streamable-http") return `it speaks ${type}, which is not spoken here`;
  if (url.includes("{")) return "its address is to be filled in: `mh mcp add NAME --url` names it";
  const { protocol, username } = URL.parse(url) ?? {};
  return protocol === "https:" && username === "" ? null : "its address is none of https";
}

/** A value that would be read here as a secret's name, of those that the owner keeps for others. */
function whyNotFilled(headers: ServerJson["remotes"][number]["headers"]): string | null {
  const stray = headers.find(({ value, default: usual }) => [value, usual].some((text) => text?.includes("{{")));
  return stray ? `its header ${stray.name.slice(0, 60)} would be sent a secret of yours` : null;
}

function packageWay({ registryType, identifier, version }: ServerJson["packages"][number]): ReachedWay {
  const exact = version === undefined ? identifier : `${identifier} ${version}`;
  const why =
    "nothing is installed for it: install it yourself, and name its program with `mh mcp add NAME -- PROGRAM`";
  return { how: `${registryType} package ${exact}`, url: null, headers: {}, notes: [], why };
}
