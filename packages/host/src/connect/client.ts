import type { AnyContract, InputOf, OutputOf } from "@mh/contract/contract.ts";
import type { ArgsFor, ValueFor } from "@mh/contract/contracts.ts";
import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { Verdict } from "@mh/core/policy/judge.ts";
import { v7 } from "uuid";
import type { Reply, Request } from "../serve/socket/protocol.ts";

export interface ActOptions {
  /** The same id is done once. A new one where absent. */
  id?: string;
  /** A lesser principal that the owner speaks for. */
  as?: string | undefined;
  /** What the owner typed, for provenance. */
  words?: string;
}

/** The owner's way into a home. Arguments and values have the types of the contract, be it named or given. */
export interface Client {
  /** Every end of a command is a value. Throws a `Fault` where the request itself was refused. */
  act<C extends AnyContract>(contract: C, args: InputOf<C>, options?: ActOptions): Promise<Outcome<OutputOf<C>>>;
  act<Name extends string>(skill: Name, args: ArgsFor<Name>, options?: ActOptions): Promise<Outcome<ValueFor<Name>>>;
  /** What the judge would say; nothing runs and nothing is recorded. */
  check(skill: string | AnyContract, args: unknown, options?: ActOptions): Promise<Verdict>;
  /** How a run ends that something else began, as an approval does. Throws `run.not-found`. */
  wait(run: string): Promise<Outcome>;
}

/** A client over anything that takes requests. What is done through it is undone together, under `task`. */
export function clientOf(request: (request: Request) => Promise<Reply>, task: string = v7()): Client {
  const message = (skill: string | AnyContract, args: unknown, { id = v7(), as, words }: ActOptions) => ({
    ...{ n: 0, id, skill: typeof skill === "string" ? skill : skill.name, args, task },
    ...(as && { as }),
    ...(words && { words }),
  });
  return {
    async act(skill: string | AnyContract, args: unknown, options: ActOptions = {}) {
      const reply = await request({ do: "act", ...message(skill, args, options) });
      // The kernel held the value to its contract before it answered.
      // biome-ignore lint/suspicious/noExplicitAny: the overloads say what it is.
      if ("outcome" in reply) return reply.outcome as Outcome<any>;
      throw faultOf(reply);
    },
    async check(skill, args, options = {}) {
      const reply = await request({ do: "check", ...message(skill, args, options) });
      if ("verdict" in reply) return reply.verdict;
      throw faultOf(reply);
    },
    async wait(run) {
      const reply = await request({ n: 0, do: "wait", id: run, args: null, task });
      if ("outcome" in reply) return reply.outcome;
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
