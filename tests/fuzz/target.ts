import { faultCodes } from "@mh/contract/values/fault.ts";
import type { Dice } from "./dice.ts";

/** Something that is given what others may have written. */
export interface Target extends AsyncDisposable {
  /** One input: a valid one, changed. */
  make(dice: Dice): Buffer;
  /** Gives it, and waits until it was answered. Throws a `Finding`, or anything else, where that was no good answer. */
  feed(input: Buffer): Promise<void>;
  /** Every input there is, where they can be counted (`--whole`). */
  whole?(): Buffer[] | Promise<Buffer[]>;
  /** After so many inputs a new process goes on: what a long life gathers is no cost of one input. */
  renewAfter: number;
  /** What one input may cost of the processor; a second where it says nothing. */
  cpuMsMax?: number;
}

/** An answer that is none of the contract. */
export class Finding extends Error {
  override name = "Finding";
}

const codes: readonly string[] = faultCodes;

/** What is wrong with a fault as an answer: a code that is on no list, or one that stands for a mistake of ours. */
export function checkFault(fault: { code?: unknown; message?: unknown } | undefined): void {
  if (fault === undefined) return;
  const said = `${fault.code}: ${String(fault.message).slice(0, 300)}`;
  if (!codes.includes(String(fault.code))) throw new Finding(`a code of no list: ${said}`);
  if (fault.code === "skill.failed" && !/ failed before\. Use| was denied before/.test(said)) throw new Finding(said);
}

/** For readers that are called as functions: a `Fault` is an answer, and all else is a mistake of ours. */
export function checkThrown(error: unknown): void {
  if (!(error instanceof Error) || error.name !== "Fault") throw error;
  checkFault(error as { code?: unknown } & Error);
}
