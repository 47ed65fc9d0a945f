import { actOnce, type Context } from "./command.ts";
import { counted } from "./numbers.ts";
import { wrap } from "./print.ts";

/** `mh undo` and `mh redo`: the same thing in two directions. */
export async function takeBack(
  context: Context,
  { skill, done }: { skill: "history.undo" | "history.redo"; done: string },
  { id, agent }: { id: string | undefined; agent: string | undefined },
): Promise<void> {
  const { print } = context;
  const args = { ...(id && { id }), ...(agent && { principal: agent }) };
  const taken = await actOnce(context, skill, args);
  if (print.isJson) return print.json(taken);
  const { memories, files, commands } = taken;
  const what = [
    memories > 0 && counted(memories, "memory", "memories"),
    files.length > 3 ? counted(files.length, "file") : files.join(", "),
  ];
  const many = commands.length > 1 ? `, ${commands.length} commands` : "";
  print.line(wrap(`${done}: ${taken.skill} (${what.filter(Boolean).join(", ")}${many}).`, print.width));
  if (files.some((file) => file.startsWith("persona/policy/")))
    print.note("A rule that went or is looser now stays in force until `mh policy adopt`.");
}
