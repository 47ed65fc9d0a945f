import { Fault } from "@mh/contract/values/fault.ts";

/** How a name looks to somebody who reads quickly: what can be taken for one another comes out the same. */
export function lookOf(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[-_]/g, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll("0", "o")
    .replace(/[1i|]/g, "l")
    .replaceAll("5", "s");
}

/** Nouns that only mh itself gives. */
const reserved = ["mh", "owner", "kernel", "policy", "trust", "grant", "approval", "skill", "mcp", "agent"];

/**
 * Refuses a noun that is somebody's already, that could be taken for one, or that belongs to mh. `taken` are the nouns
 * that there are, but for the one that is replaced. Throws `skill.misdeclared`.
 */
export function refuseShadow(noun: string, taken: Iterable<string>): void {
  const look = lookOf(noun);
  const other = [...reserved, ...taken].find((each) => lookOf(each) === look);
  if (other === undefined) return;
  const why = other === noun ? "is taken" : `can be taken for ${other}`;
  throw new Fault("skill.misdeclared", `The name ${noun} ${why}. Nothing may stand in for what there is already.`);
}

export const nounOf = (skill: string): string => skill.split(".", 1)[0] ?? skill;
