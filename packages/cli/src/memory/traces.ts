import { visible } from "@mh/contract/visible/visible.ts";
import { actOnce, type Context, exitCodes } from "../command.ts";
import { counted, thousands } from "../numbers.ts";
import { hang, shortId, wrap } from "../print.ts";

/** Looks whether words of a forgotten memory are left, and says where. Ends with 1 where some are. */
export async function showTraces(context: Context, id: string, more: Record<string, unknown> = {}): Promise<void> {
  const { print } = context;
  const value = await actOnce(context, "memory.traces", { id }, { doing: "Looking through the home" });
  const { files, traces, unread, canTell } = value;
  if (traces.length + unread.length > 0) process.exitCode = exitCodes.failed;
  if (print.isJson) return print.json({ ...value, ...more });
  for (const file of unread) print.note(`Could not be read, and may hold words of it: ${visible(file)}`);
  for (const { path, kind, line, memory, passages, of, next } of traces) {
    const where = `${path}${line === null ? "" : `, line ${line}`}`;
    const whose = memory === null ? "" : `, memory ${shortId(memory)}`;
    const found = `${where} (${kind}${whose}): ${passages} of ${counted(of, "passage")}.`;
    print.line(hang(`${print.color.red("left")}  `, visible(found), print.width));
    print.line(
      wrap(visible(memory === null ? next : next.replaceAll("ID", shortId(memory))), print.width, " ".repeat(6)),
    );
  }
  if (canTell === "unmarked") return print.note("An earlier mh forgot it, and left nothing to know its words by.");
  if (canTell === "short")
    return print.note("It said too little to be told from other text: nothing can be looked for.");
  if (traces.length > 0) return print.note(`\`mh memory forget ${shortId(id)} --check\` looks again.`);
  if (unread.length === 0) print.line(`None of its words are left in the ${thousands(files)} files of the home.`);
}
