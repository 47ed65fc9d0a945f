import type { Call } from "@mh/contract/values/provenance.ts";
import { bounds } from "./bounds.ts";
import { type Allowance, type Leaf, leaves } from "./rows.ts";

export interface NamedLeaf extends Leaf {
  /** The argument that it stands in. */
  name: string;
}

export interface Leaves {
  all: NamedLeaf[];
  /** The first that was one too many: what is not looked at is not vouched for. */
  left?: NamedLeaf;
}

/** A blank one says nothing. */
export function leavesOf(call: Call, names: readonly string[], allowance: Allowance): Leaves {
  const all: NamedLeaf[] = [];
  for (const name of names) {
    const found = leaves(call.args[name], name, allowance);
    for (const leaf of found) if (String(leaf.value).trim() !== "") all.push({ ...leaf, name });
    if (allowance.left) return { all, left: { ...allowance.left, name } };
  }
  return { all };
}

/** It carries a text; a switch is none. */
export function hasContent(call: Call): boolean {
  const { all, left } = leavesOf(call, call.facts.content, { leaves: 100, chars: bounds.valueChars });
  const isSwitch = ({ value }: NamedLeaf) => typeof value === "boolean" || /^(?:true|false)$/i.test(String(value));
  return left !== undefined || !all.every(isSwitch);
}
