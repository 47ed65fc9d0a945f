import { visible } from "@mh/contract/visible/visible.ts";
import type { ApprovalShown } from "./card.ts";

/** What a locked screen has room for. */
export const noticeMax = 90;
const valueMax = 40;

/**
 * A request in one line. `isWhole` where all that it would do is read in it: only then may it be approved from there. A value
 * that does not fit is left out, never cut.
 */
export function noticeOf(shown: ApprovalShown, until: string): { text: string; isWhole: boolean } {
  const who = shown.approval.principal.replace(/^\w+:/, "");
  const what = `${who}: ${visible(shown.title)}`;
  const end = `? Until ${until}.`;
  const values = Object.values(shown.command?.args ?? {}).map(asText);
  const whole = `${what}${values.length > 0 ? `: ${values.join(", ")}` : ""}${end}`;
  if (saysAll(shown) && values.every(isPlain) && whole.length <= noticeMax) return { text: whole, isWhole: true };
  const named = values.find((value) => isPlain(value) && value.length <= valueMax && !/^[[{]/.test(value));
  const lines = [...(named === undefined ? [] : [`${what}: ${named}…${end}`]), `${what}…${end}`];
  const text = lines.find((line) => line.length <= noticeMax) ?? `A request waits for you. Until ${until}.`;
  return { text, isWhole: false };
}

const usualLines = /^(asked by|why asked|undo|left|argument .*)$/s;

/** A plan, a question, a warning or a grant from now on is more than a line can say. */
const saysAll = ({ command, card, shown }: ApprovalShown): boolean =>
  command !== null && card === undefined && shown.every(({ label }) => usualLines.test(label));

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Each character is what it looks like. */
const isPlain = (value: string): boolean => visible(value) === value;
