import { effects } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { canonical } from "../model/canonical.ts";
import type { Crypto } from "../ports/crypto.ts";
import { changesHomeOnly } from "./home-only.ts";
import type { Skill } from "./skill.ts";

/** What each contract was pinned as: it does not change, and homes that one process opens share it. */
const pins = new WeakMap<Skill["contract"], string>();

/** The skills that there are. Nothing else has effects. */
export class Registry {
  readonly #crypto: Crypto;
  readonly #skills = new Map<string, Skill>();

  constructor(crypto: Crypto) {
    this.#crypto = crypto;
  }

  /** Throws `skill.misdeclared` where the contract is not whole or the name is taken. */
  add(...skills: readonly Skill[]): void {
    for (const skill of skills) {
      const { name } = skill.contract;
      checkContract(skill);
      if (this.#skills.has(name)) throw new Fault("skill.misdeclared", `Two skills are called ${name}.`);
      this.#skills.set(name, skill);
    }
  }

  /** Removes a third-party skill again. */
  remove(name: string): void {
    this.#skills.delete(name);
  }

  get(name: string): Skill {
    const skill = this.#skills.get(name);
    if (skill) return skill;
    throw new Fault(
      "skill.unknown",
      `There is no skill ${name}. \`mh policy matrix owner --skills\` shows what there is.`,
    );
  }

  find(name: string): Skill | undefined {
    return this.#skills.get(name);
  }

  all(): Skill[] {
    return [...this.#skills.values()];
  }

  /** `name@version#hash`, where the hash covers everything the contract promises. */
  pinned(skill: Skill): string {
    const known = pins.get(skill.contract);
    if (known) return known;
    // Who may always use it is the owner's business: it changes nothing of what was granted to others.
    const { input, output, examples: _shown, recovery: _owners, ...rest } = skill.contract;
    const shapes = {
      input: z.toJSONSchema(input, { unrepresentable: "any" }),
      output: z.toJSONSchema(output, { unrepresentable: "any" }),
    };
    const hash = this.#crypto.sha256Hex(canonical({ ...rest, ...shapes })).slice(0, 16);
    const pinned = `${rest.name}@${rest.version}#${hash}`;
    pins.set(skill.contract, pinned);
    return pinned;
  }
}

export const skillName = (pinned: string): string => pinned.split("@", 1)[0] as string;

function checkContract(skill: Skill): void {
  const { kind, contract } = skill;
  const wrong = (what: string) => new Fault("skill.misdeclared", `The contract of ${contract.name}: ${what}.`);
  if (contract.kind !== kind) throw wrong(`it is of the kind ${contract.kind}, and its skill of ${kind}`);
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9][a-z0-9_-]*$/.test(contract.name)) throw wrong("a name is noun.verb, in lower case");
  if (!/^\d+\.\d+\.\d+$/.test(contract.version)) throw wrong("a version is three numbers, as in 1.0.0");
  if (contract.effects.length === 0) throw wrong("it declares no effect");
  const unknown = contract.effects.find((effect) => !effects.includes(effect));
  if (unknown) throw wrong(`there is no effect ${unknown}`);
  if (contract.recovery && (kind === "outside" || contract.code))
    throw wrong("only a skill that comes with mh and stays in the home is part of the recovery path");
  if (contract.looks && (contract.retry !== "safe" || contract.undo !== null || contract.code))
    throw wrong("only a skill that comes with mh and may be repeated says that it only looks");
  const inside = ["read", "write", "destroy", "admin"];
  const own = contract.effects.every((effect) => inside.includes(effect));
  if (kind === "query" && contract.effects.some((effect) => effect !== "read")) throw wrong("a query only reads");
  if (changesHomeOnly(skill) && !own) throw wrong("effects outside the home need an outside skill");
  const pointers = Object.entries(contract.pointers ?? {});
  if (pointers.some(([, how]) => how === "pinned") !== ("pin" in skill && skill.pin !== undefined))
    throw wrong("`pointers` names what is pinned, and `pin` looks it up: one goes with the other");
  if (kind !== "query" && !contract.event) throw wrong("it names no event");
}
