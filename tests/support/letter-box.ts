import type { InputOf } from "@mh/contract/contract.ts";
import { defineContract } from "@mh/contract/contract.ts";
import type { planPropose } from "@mh/contract/grants.ts";
import { agent } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { type Classification, defineOutside, type Skill } from "@mh/core/kernel/skill.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { expect } from "vitest";
import { z } from "zod";

// A box of letters that anybody may have written, a bank, and a planner that answers by a plan.

export const mail = agent("mail");
export const task = {
  id: "0199c1a2-0000-7000-8000-000000000001",
  words: "Answer everybody who wrote about the offer, and pay what they ask",
};

/** What a payment in euros is judged as. */
export const paying = (to: string, euros: number): Classification => ({
  effect: "spend",
  risk: "medium",
  scope: { recipients: [to] },
  amount: { minor: Math.round(euros * 100), currency: "EUR" },
});

interface Letter {
  from: string;
  about: string;
  asks: number;
}

/** What stands in the letter box: tests change it. */
class LetterBox {
  letters: Letter[] = [
    { from: "ann@a.example", about: "offer", asks: 20 },
    { from: "ben@b.example", about: "offer", asks: 30 },
    { from: "eve@evil.example", about: "prize", asks: 900 },
  ];

  skills({ version = "1.0.0" } = {}): Skill[] {
    const letters = z.array(z.strictObject({ from: z.string(), about: z.string(), asks: z.number() }));
    const read = defineContract({
      ...{
        name: "letters.read",
        kind: "outside",
        title: "Read letters",
        effects: ["read"],
        event: "letters.read",
        version,
      },
      input: () =>
        z.strictObject({
          about: z.string().describe("What they are about"),
          limit: z.number().default(50).describe("How many"),
        }),
      output: () => z.strictObject({ letters: letters.describe("The letters") }),
      examples: [{ title: "About the offer", args: { about: "offer" } }],
      provenance: { fields: { from: "text", asks: "text" } },
    });
    const pay = defineContract({
      ...{ name: "bank.pay", kind: "outside", title: "Pay", effects: ["spend"], event: "bank.paid" },
      input: () =>
        z.strictObject({
          to: z.string().describe("To whom"),
          amount: z.union([z.number(), z.string()]).describe("How much"),
          note: z.string().optional().describe("What for"),
        }),
      output: () => z.strictObject({ paid: z.string().describe("To whom") }),
      examples: [{ title: "Ann", args: { to: "ann@a.example", amount: 20 } }],
      control: ["to", "amount"],
      provenance: { content: ["note"], types: { amount: "amount" } },
    });
    return [
      defineOutside(read, {
        stored: "kept",
        classify: () => ({ effect: "read", risk: "low", scope: {} }),
        run: async ({ about }) => ({ letters: this.letters.filter((letter) => letter.about === about) }),
      }),
      defineOutside(pay, {
        stored: "kept",
        classify: ({ to, amount }) => paying(to, Number(amount)),
        run: async ({ to, amount }) => {
          this.paid.push(`${to} ${amount}`);
          return { paid: to };
        },
      }),
    ];
  }

  readonly paid: string[] = [];
}

type Wanted = InputOf<typeof planPropose>;

export const offers = { skill: "letters.read", args: { about: "offer" } };
export const answer = (more: object = {}) => ({
  skill: "outbox.append",
  args: { effect: "send" },
  slots: { to: { from: "offers", field: "from", kind: "email" as const } },
  each: { source: "offers" },
  ...more,
});
export const letters: Wanted = { title: "Answer the offers", sources: { offers }, steps: [answer()] };

const skillsUsed = ["letters.read", "outbox.append", "bank.pay", "plan.propose", "memory.capture", "memory.list"];

/** What the agent `mail` and the owner do in the task, with the letters that it finds there. */
const actsIn = (made: TestHost, box: LetterBox) => {
  const asMail = (skill: string, args: object) => made.act(mail, skill, args, { task });
  const approveShown = async ({ id }: Outcome): Promise<Outcome> => {
    const { hash } = await made.own("approval.show", { id });
    return made.approve(id, hash);
  };
  return {
    box,
    asMail,
    approveShown,
    read: (about = "offer") => asMail("letters.read", { about }),
    send: async (to: string) =>
      short(await asMail("outbox.append", { text: `to ${to}`, to, effect: "send", scope: { recipients: [to] } })),
    pay: async (to: string, amount: unknown) => short(await asMail("bank.pay", { to, amount })),
    /** Proposes a plan, and has it approved. */
    async propose(plan: Wanted): Promise<Outcome> {
      const asked = await asMail("plan.propose", plan);
      expect(short(asked)).toMatch(/^parked/);
      return approveShown(asked);
    },
  };
};

export type LetterHome = TestHost & ReturnType<typeof actsIn>;

/** Assigns rather than spreads: what a host answers with `host` changes when it is opened again. */
export const withLetters = (made: TestHost, box: LetterBox): LetterHome => Object.assign(made, actsIn(made, box));

/** A home with a letter box, where the agent `mail` may read, answer and pay. */
export async function letterHome({ skills = [], ...options }: HostOptions = {}): Promise<LetterHome> {
  const box = new LetterBox();
  const made = await makeHost({ skills: [...box.skills(), ...skills], ...options });
  for (const skill of skillsUsed) await made.own("grant.give", { principal: mail, skill });
  return withLetters(made, box);
}

export const short = ({ status, ...rest }: Outcome): string => ("layer" in rest ? `${status} ${rest.layer}` : status);
