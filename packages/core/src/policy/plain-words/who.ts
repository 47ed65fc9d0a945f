import { isPrincipal, principalKinds } from "@mh/contract/values/principal.ts";
import type { Who } from "./sentence.ts";
import { standsAt, stem } from "./tokens.ts";

const others: Who = {
  cedar: "!principal.owner",
  subject: "Everyone but you",
  forbidden: "Nobody but you may",
  hit: { principal: "agent:somebody" },
  miss: { principal: "owner" },
  isNamed: false,
};

const everyone: Who = {
  cedar: "",
  subject: "Everyone, you too,",
  forbidden: "Nobody may",
  hit: { principal: "owner" },
  miss: undefined,
  isNamed: true,
};

const me: Who = {
  cedar: "principal.owner",
  subject: "You",
  forbidden: "You may not",
  hit: { principal: "owner" },
  miss: { principal: "agent:somebody" },
  isNamed: true,
};

export const nobody: readonly string[] = ["nobody", "noone"];

const plurals: Record<string, string> = { agent: "Agents", client: "Clients", peer: "Peers", module: "Modules" };

/** Who stands at the beginning, and how many words that took. Nobody named is everyone but the owner. */
export function readWho(tokens: readonly string[]): [who: Who, length: number] {
  const all = [...nobody, "everyone", "anyone", "everybody", "anybody"];
  for (const word of all) {
    for (const but of ["but", "except"]) {
      for (const self of ["me", "i", "myself"])
        if (standsAt(tokens, 0, [word, but, self])) return [{ ...others, isNamed: true }, 3];
    }
    if (tokens[0] === word) return [everyone, 1];
  }
  if (tokens[0] === "others") return [{ ...others, isNamed: true }, 1];
  if (tokens[0] === "i" || tokens[0] === "me") return [me, 1];
  return readKind(tokens) ?? [others, 0];
}

/** `agents`, or `agent mail`, also as `agent:mail`. */
function readKind(tokens: readonly string[]): [Who, number] | undefined {
  const [first = "", second = ""] = tokens;
  if (/^[a-z]+:/.test(first) && isPrincipal(first)) return [named(first), 1];
  const kind = principalKinds.find((each) => each === stem(first) && each !== "owner" && each !== "file");
  if (!kind) return undefined;
  const isPlural = first !== kind;
  if (isPlural) return [allOf(kind), 1];
  const principal = `${kind}:${second}`;
  return isPrincipal(principal) ? [named(principal), 2] : undefined;
}

function allOf(kind: string): Who {
  const subject = plurals[kind] ?? `Everything of kind ${kind}`;
  return {
    cedar: `principal.kind == mh::Kind::"${kind}"`,
    subject,
    forbidden: `${subject} may not`,
    hit: { principal: `${kind}:somebody` },
    miss: { principal: kind === "agent" ? "client:somebody" : "agent:somebody" },
    isNamed: true,
  };
}

function named(principal: string): Who {
  return {
    cedar: `principal == mh::Principal::${JSON.stringify(principal)}`,
    subject: principal,
    forbidden: `${principal} may not`,
    hit: { principal },
    miss: { principal: `${principal.split(":", 1)[0]}:somebody-else` },
    isNamed: true,
  };
}
