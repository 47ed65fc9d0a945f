import { essenceOf, mcpServerSchema } from "@mh/contract/values/mcp-server.ts";
import { canonical } from "../../model/canonical.ts";
import type { ClientConfig } from "./read-client-config.ts";
import type { SecretNames } from "./secret-names.ts";

/** What a file would bring, beside what is here already. */
export interface BesideConfig extends ClientConfig {
  /** Names of those that are here as they stand there. */
  known: string[];
}

/** Parts what a file names into what is new, what is here already, and what is in the way of another. */
export function serversBeside(
  { taken, left }: ClientConfig,
  { named, secrets }: { named: ReadonlyMap<string, unknown>; secrets: SecretNames },
): BesideConfig {
  const beside: BesideConfig = { taken: [], left: [...left], known: [] };
  for (const each of taken) {
    const other = named.get(each.name);
    const clash = other === undefined ? secrets.clashOf(each) : undefined;
    if (clash !== undefined) beside.left.push({ name: each.name, why: clash });
    else if (other === undefined) beside.taken.push({ ...each, notes: [...each.notes, ...secrets.givenTo(each)] });
    else if (isSame(other, each.server)) beside.known.push(each.name);
    else beside.left.push({ name: each.name, why: "config.yaml has another server of that name" });
  }
  return beside;
}

function isSame(one: unknown, other: unknown): boolean {
  const [mine, theirs] = [mcpServerSchema().safeParse(one), mcpServerSchema().safeParse(other)];
  if (!mine.success || !theirs.success) return false;
  // What mh alone knows of it, as the folders that it may read, was added here.
  const bare = { read: [], write: [], network: [] };
  const essence = (server: typeof mine.data) => canonical(essenceOf({ ...server, ...bare }));
  return essence(mine.data) === essence(theirs.data);
}
