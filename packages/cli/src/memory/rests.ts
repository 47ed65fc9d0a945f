import type { ValueFor } from "@mh/contract/contracts.ts";
import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context } from "../command.ts";
import { counted } from "../numbers.ts";
import { clip, hang, type Printer, shortId } from "../print.ts";
import { toldOn } from "./told.ts";

export interface Rests extends ValueFor<"memory.evidence"> {
  /** Of a preference: the decisions that it spoke in. */
  decisions?: ValueFor<"decision.held">["decisions"];
}

/** What a procedure or preference rests on; undefined for any other memory. */
export async function restsOf(
  context: Context,
  { id, kind }: Pick<MemoryRecord, "id" | "kind">,
): Promise<Rests | undefined> {
  if (kind !== "procedural" && kind !== "preference") return undefined;
  const evidence = await actOnce(context, "memory.evidence", { id });
  if (kind === "procedural") return evidence;
  return { ...evidence, ...(await actOnce(context, "decision.held", { preference: id })) };
}

const shownMax = 10;

export function printRests(print: Printer, rests: Rests): void {
  const { proposal, decision, sources, lost, days, last, against, decisions = [] } = rests;
  const line = (lead: string, text: string) => print.line(hang(lead, text, print.width));
  if (proposal)
    line(
      "Proposed  ",
      `${print.day(proposal.at)} by ${visible(proposal.by.join(", "))}: ${visible(proposal.why)}  ${shortId(proposal.id)}`,
    );
  if (decision) line("Learned from  ", `your correction of the decision ${shortId(decision)}`);
  if (sources.length + lost > 0) print.line("Learned from:");
  for (const each of sources.slice(0, shownMax)) line("  ", restLine(print, each));
  if (sources.length > shownMax) line("  ", `and ${sources.length - shownMax} more`);
  if (lost > 0) line("  ", `${counted(lost, "memory", "memories")} that it was learned from is gone.`);
  const times =
    last === null ? "Nothing of yours says that it held" : `Held on ${counted(days, "day")}, last ${print.day(last)}`;
  const contrary =
    against.length === 0 ? "nothing says otherwise" : `${counted(against.length, "memory", "memories")} against it:`;
  print.line(`${times}; ${contrary}${against.length === 0 ? "." : ""}`);
  for (const each of against.slice(0, shownMax)) line("  ", restLine(print, each));
  const held = decisions.filter(({ isHeld }) => isHeld);
  const [latest] = held;
  if (decisions.length > 0)
    print.line(
      `In decisions: you chose as it says in ${held.length} of ${decisions.length}${latest ? `, last ${print.day(latest.at)}` : ""}.`,
    );
  for (const { id, at, chosen } of decisions.filter(({ isHeld }) => !isHeld).slice(0, shownMax))
    line("  ", `against it, ${print.day(at)}: “${visible(chosen)}”  ${shortId(id)}`);
}

const restLine = (print: Printer, each: Rests["sources"][number]): string =>
  `“${clip(visible(each.text), 100)}”  ${print.color.dim(`${toldOn(print, each)}, ${shortId(each.id)}`)}`;
