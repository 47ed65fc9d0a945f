import type { RunTrace, RunTraceStep } from "@mh/contract/run-look.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { writeNewFile } from "@mh/host/adapters/new-file.ts";
import { actOnce, type Context } from "./command.ts";
import { counted } from "./numbers.ts";
import { hang, shortId, table, wrap } from "./print.ts";

/** One run as a tree: who did what, when after its beginning, how long; what lies on the critical path is marked. */
export async function traceRun(context: Context, run: string): Promise<void> {
  const { print } = context;
  const { run: shown } = await actOnce(context, "run.show", { run });
  if (print.isJson) return print.json(shown);
  print.page();
  const { bold, dim } = print.color;
  print.line(bold(`${visible(shown.agent ?? shown.steps[0]?.skill ?? "")}  ${dim(shortId(shown.id))}`));
  const begin = shown.begunAt === null ? undefined : Date.parse(shown.begunAt);
  const rows = inTree(shown).map(({ step, depth }) => [
    step.isCritical ? "*" : "",
    begin === undefined ? "" : `+${seconds(Date.parse(timeOf(step) ?? shown.begunAt ?? "") - begin)}`,
    step.begunAt && step.endedAt ? seconds(Date.parse(step.endedAt) - Date.parse(step.begunAt)) : "",
    `${"  ".repeat(depth)}${visible(step.skill)}`,
    [step.status, step.fault, step.tokens !== null && counted(step.tokens, "token")].filter(Boolean).join(", "),
  ]);
  print.line(table(rows, print.width, { head: ["", "from", "took", "what", "end"].map(dim) }));
  if (shown.left > 0) print.line(`${counted(shown.left, "step")} more.`);
  print.line(
    dim(wrap("* is on the critical path: had it been quicker, the run would have ended earlier.", print.width)),
  );
  if (shown.task !== null)
    print.line(
      dim(wrap(`\`mh undo --task ${shortId(shown.task)} --dry-run\` shows what can be taken back.`, print.width)),
    );
}

/** A run as one file to give away; what it leaves out is said before it is written. */
export async function shareRun(context: Context, run: string, out: string | undefined): Promise<void> {
  const { print } = context;
  const { html, hidden } = await actOnce(context, "run.export", { run });
  if (out === undefined) return print.isJson ? print.json({ html, hidden }) : print.line(html.trimEnd());
  writeNewFile(out, html);
  if (print.isJson) return print.json({ out, hidden });
  const what = hidden.map(({ kind, count }) => `${count} × ${kind}`).join(", ") || "nothing";
  print.line(hang("Written: ", `${visible(out)}. Left out or replaced: ${what}.`, print.width));
}

function inTree({ steps }: RunTrace): { step: RunTraceStep; depth: number }[] {
  const children = Map.groupBy(steps.slice(1), ({ parent }) => parent ?? "");
  const walk = (step: RunTraceStep, depth: number): { step: RunTraceStep; depth: number }[] => [
    { step, depth },
    ...(children.get(step.id) ?? []).flatMap((each) => walk(each, depth + 1)),
  ];
  return steps[0] ? walk(steps[0], 0) : [];
}

const timeOf = ({ begunAt, askedAt, endedAt }: RunTraceStep): string | null => begunAt ?? askedAt ?? endedAt;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`;
