import { type OfferedTool, offeredToolSchema, type PinnedTool, pinnedToolSchema } from "@mh/contract/mcp.ts";
import { once } from "@mh/contract/once.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import { lookOf } from "./names.ts";
import { untrustedSchema } from "./untrusted-schema.ts";

const toolsMax = 200;
const textMax = 8_000;

export const mcpManifestSchema = once(() =>
  z.strictObject({
    tools: z.array(pinnedToolSchema()),
    /** SHA-256 of the files that a local server is started from, by their paths. */
    programFiles: z.record(z.string(), z.string()).default({}),
  }),
);

/** What one server offers: its tools, and those of its tools that cannot be taken, with the reason. */
export interface Offer {
  tools: OfferedTool[];
  refused: { tool: string; why: string }[];
}

const toolShape = once(() =>
  z.object({
    name: z.string().max(128),
    title: z.string().max(textMax).optional(),
    description: z.string().max(textMax).optional(),
    inputSchema: z.record(z.string(), z.unknown()),
    outputSchema: z.unknown().optional(),
    annotations: z.record(z.string(), z.unknown()).optional(),
  }),
);

/** Reads what a server answered to tools/list. What does not fit is left out and said; the rest is taken. */
export function readOffer(crypto: Crypto, listed: readonly unknown[]): Offer {
  const offer: Offer = { tools: [], refused: [] };
  const looks = new Map<string, string>();
  for (const each of listed.slice(0, toolsMax)) {
    const read = readTool(crypto, each);
    if ("why" in read) {
      offer.refused.push(read);
      continue;
    }
    const look = lookOf(verbOf(read.tool));
    const other = looks.get(look);
    if (other !== undefined) {
      // Neither of the two: nobody can tell which one is meant.
      offer.tools = offer.tools.filter(({ tool }) => tool !== other);
      offer.refused.push({ tool: read.tool, why: `it can be taken for ${other}` });
      if (!offer.refused.some(({ tool }) => tool === other))
        offer.refused.push({ tool: other, why: `it can be taken for ${read.tool}` });
      continue;
    }
    looks.set(look, read.tool);
    offer.tools.push(read);
  }
  if (listed.length > toolsMax) offer.refused.push({ tool: "…", why: `it offers more than ${toolsMax} tools` });
  return offer;
}

function readTool(crypto: Crypto, told: unknown): OfferedTool | { tool: string; why: string } {
  // Turning an untrusted object into text would call what it names `toString`.
  const said = (told as { name?: unknown } | null)?.name;
  const name = typeof said === "string" ? said.slice(0, 128) : "";
  const parsed = toolShape().safeParse(told);
  if (!parsed.success) return { tool: name, why: "what it says of itself is too long, or no tool" };
  const { title = "", description = "", inputSchema, outputSchema = null, annotations = {} } = parsed.data;
  if (!/^[A-Za-z0-9][A-Za-z0-9_./-]{0,63}$/.test(name)) return { tool: name, why: "its name is not plain letters" };
  try {
    untrustedSchema(inputSchema, `The input of ${name}`, { lenient: true });
    const hints = JSON.stringify(annotations).length > 2_000 ? {} : annotations;
    const hash = crypto.sha256Hex(canonical({ name, title, description, inputSchema, outputSchema, annotations }));
    return offeredToolSchema().parse({ tool: name, title, description, inputSchema, hints, hash });
  } catch (error) {
    if (error instanceof Fault) return { tool: name, why: error.message };
    // What canonical JSON cannot hold.
    return { tool: name, why: "what it says of itself cannot be written down" };
  }
}

/** The second half of the name by which a tool is called here. */
export const verbOf = (tool: string): string => tool.toLowerCase().replace(/[./]/g, "-");
export const mcpNoun = (server: string): string => `mcp-${server}`;

/** Until the owner says otherwise, a tool sends to somebody, at high risk, and every argument controls it. */
export function unjudged(offered: OfferedTool): PinnedTool {
  const control = Object.keys((offered.inputSchema.properties ?? {}) as object);
  return { ...offered, verb: verbOf(offered.tool), effect: "send", risk: "high", control };
}
