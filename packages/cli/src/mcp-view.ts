import type { McpView, ToolView } from "@mh/contract/mcp.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { tellDiff } from "./diff-view.ts";
import { hang, wrap } from "./print.ts";
import type { Printer } from "./printer.ts";

/** A server and its tools; of these, only the named ones where some are. All of their text is untrusted. */
export function tellServer(
  print: Printer,
  { server, how, reaches, startedFrom, tools, fault }: McpView,
  only?: readonly string[],
): void {
  const { bold, dim, red } = print.color;
  print.line(bold(visible(server)));
  print.line(wrap(visible([how, ...reaches, ...startedFrom].filter(Boolean).join("; ")), print.width));
  if (fault !== null) print.line(red(wrap(visible(fault), print.width)));
  for (const tool of tools) if (only === undefined || only.includes(tool.tool)) tellTool(print, tool);
  const hints = tools.some((tool) => Object.keys(tool.hints).length > 0);
  if (hints)
    print.line(dim(wrap("\nHints are what the server says of itself; nothing here rests on them.", print.width)));
}

function tellTool(print: Printer, tool: ToolView): void {
  const { bold, dim, green, red, yellow } = print.color;
  const say = (label: string, text: string) => print.line(hang(`  ${dim(label.padEnd(9))} `, text, print.width));
  const state = {
    on: green("on"),
    new: yellow("new"),
    changed: red("changed"),
    gone: red("gone"),
    refused: red("refused"),
  }[tool.state];
  print.line(`\n${bold(visible(tool.tool))}  ${state}`);
  if (tool.why !== null) return say("why", visible(tool.why));
  if (tool.description !== "") say("says", visible(tool.description.replaceAll("\n", " ")));
  say("takes", visible(Object.keys((tool.inputSchema.properties ?? {}) as object).join(", ") || "nothing"));
  say("effect", `${tool.effect}, ${tool.risk} risk`);
  say("control", visible(`by ${tool.control.join(", ") || "no argument"}`));
  if (Object.keys(tool.hints).length > 0) say("hints", visible(JSON.stringify(tool.hints)));
  tellDiff(print, tool.diff, "  ");
}
