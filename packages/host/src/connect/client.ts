import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Verdict } from "@mh/core/policy/judge.ts";
import { v7 } from "uuid";
import type { z } from "zod";
import type { Reply, Request } from "../serve/socket/protocol.ts";

export interface ActOptions {
  /** The same id is done once. A new one where absent. */
  id?: string;
  /** A lesser principal that the owner speaks for. */
  as?: string | undefined;
  /** What the owner typed, for provenance. */
  words?: string;
}

/** What a client needs of a skill's contract to type its arguments and its value. */
export interface Typed {
  readonly name: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

export type OutcomeOf<C extends Typed> =
  | Exclude<Outcome, { status: "done" }>
  | { status: "done"; id: string; value: z.output<C["output"]> };

/** The owner's way into a home. A skill is named, or given by its contract: then arguments and value have its types. */
export interface Client {
  /** Every end of a command is a value. Throws a `Fault` where the request itself was refused. */
  act<C extends Typed>(contract: C, args: z.input<C["input"]>, options?: ActOptions): Promise<OutcomeOf<C>>;
  act(skill: string, args: unknown, options?: ActOptions): Promise<Outcome>;
  /** What the judge would say; nothing runs and nothing is recorded. */
  check(skill: string | Typed, args: unknown, options?: ActOptions): Promise<Verdict>;
}

/** A client over anything that takes requests. What is done through it is undone together, under `task`. */
export function clientOf(request: (request: Request) => Promise<Reply>, task: string = v7()): Client {
  const message = (skill: string | Typed, args: unknown, { id = v7(), as, words }: ActOptions) => ({
    ...{ n: 0, id, skill: typeof skill === "string" ? skill : skill.name, args, task },
    ...(as && { as }),
    ...(words && { words }),
  });
  return {
    async act<C extends Typed>(skill: string | C, args: unknown, options: ActOptions = {}): Promise<OutcomeOf<C>> {
      const reply = await request({ do: "act", ...message(skill, args, options) });
      // The kernel held the value to its contract before it answered.
      if ("outcome" in reply) return reply.outcome as OutcomeOf<C>;
      throw faultOf(reply);
    },
    async check(skill, args, options = {}) {
      const reply = await request({ do: "check", ...message(skill, args, options) });
      if ("verdict" in reply) return reply.verdict;
      throw faultOf(reply);
    },
  };
}

function faultOf(reply: Reply): Fault {
  if ("fault" in reply) return new Fault(reply.fault.code as FaultCode, reply.fault.message);
  return new Fault(
    "protocol.invalid",
    "The process that holds the home answered something else. Are both of one version?",
  );
}
