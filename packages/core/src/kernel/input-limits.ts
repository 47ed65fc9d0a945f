import type { ContractKind } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { isOwner, type Principal } from "@mh/contract/values/principal.ts";

/** How large the arguments of one command may be, whatever its skill takes: what is larger is refused before work begins. */
const limits = {
  /** Of a file of eight million characters, and what is said with it. */
  others: { chars: 8_400_000, values: 100_000 },
  /** What a command of others writes into the owner's data at once: indexing that holds everybody else for 100 ms at most. */
  othersOwn: { chars: 500_000, values: 20_000 },
  owner: { chars: 64_000_000, values: 2_000_000 },
} as const;
const depthMax = 64;

/** Throws `args.invalid` for what is larger than anything that a command is. */
export function refuseTooLarge(principal: Principal, kind: ContractKind | undefined, args: unknown): void {
  const { chars, values } = limitsOf(principal, kind);
  let charsLeft: number = chars;
  let valuesLeft: number = values;
  const walk = (value: unknown, depth: number): void => {
    valuesLeft -= 1;
    if (typeof value === "string") charsLeft -= value.length;
    if (charsLeft < 0) throw tooLarge(`more than ${chars} characters`);
    if (valuesLeft < 0) throw tooLarge(`more than ${values} values`);
    if (typeof value !== "object" || value === null) return;
    if (depth >= depthMax) throw tooLarge(`nested more than ${depthMax} deep`);
    if (Array.isArray(value)) for (const each of value) walk(each, depth + 1);
    else
      for (const [key, each] of Object.entries(value)) {
        charsLeft -= key.length;
        walk(each, depth + 1);
      }
  };
  walk(args, 0);
}

function limitsOf(principal: Principal, kind: ContractKind | undefined) {
  if (isOwner(principal)) return limits.owner;
  return kind === "own" ? limits.othersOwn : limits.others;
}

const tooLarge = (what: string): Fault =>
  new Fault("args.invalid", `The arguments are too large: ${what}. Do it in several commands.`);
