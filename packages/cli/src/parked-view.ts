import type { ValueFor } from "@mh/contract/contracts.ts";
import type { Pin } from "@mh/contract/values/approval.ts";
import { visible } from "@mh/core/model/visible.ts";
import { tellDiff } from "./diff-view.ts";
import { counted } from "./numbers.ts";
import { hang, type Printer } from "./print.ts";

/** What an argument points to, named, and as much of it as a screen has room for. */
function showPin(print: Printer, { argument, what, hash, bytes, shows, diff }: Pin): void {
  const size = bytes === undefined ? [] : [counted(bytes, "byte")];
  const facts = [...size, hash === "none" ? "not there" : hash.slice(0, 12)];
  print.line(
    hang(
      "  held fast  ",
      `${visible(what)} (${[argument, ...facts].map((each) => visible(each)).join(", ")})`,
      print.width,
    ),
  );
  const beginning = (shows ?? "").split("\n").slice(0, linesShown);
  for (const line of shows ? beginning : []) print.line(`             | ${visible(line, { multiline: true })}`);
  tellDiff(print, (diff ?? []).slice(0, diffShown), "             ");
  const left = (diff ?? []).length - diffShown;
  if (left > 0) print.line(`             … ${counted(left, "line")} more (--json shows them)`);
}

const linesShown = 8;
const diffShown = 24;

export type ParkedView = ValueFor<"approval.show">;

/**
 * The whole approval request: who, what, why it is asked, every argument in full, what undoes it. Nothing is shortened.
 */
export function showParked(print: Printer, { approval, command, title, undo, memories, hash }: ParkedView): void {
  const { bold, dim, yellow } = print.color;
  const until = print.moment(approval.expires_ms);
  const say = (label: string, text: string) => print.line(hang(`  ${label.padEnd(10)} `, text, print.width));
  print.line(`${bold(visible(title))}   ${yellow(approval.status)}`);
  say(
    "asked by",
    visible(command?.onBehalfOf ? `${approval.principal} for ${command.onBehalfOf}` : approval.principal),
  );
  say("why asked", `${visible(approval.reason)} (${approval.layer})`);
  if (command?.warning) say("careful", yellow(visible(command.warning)));
  if (!command) say("payload", "changed or deleted since; it can only be refused");
  for (const [name, value] of Object.entries(command?.args ?? {})) {
    say(visible(name), visible(typeof value === "string" ? value : JSON.stringify(value)));
  }
  for (const pin of command?.pins ?? []) showPin(print, pin);
  for (const each of command?.unpinned ?? []) say("not held", visible(each));
  for (const { content } of memories) say("which says", visible(content));
  for (const { path, value, origins, beside, reason } of command?.steered ?? []) {
    const where = origins.map((origin) =>
      origin.replace(/^call:(\S+) .*$/, "what $1 answered").replace("model", "nowhere you know"),
    );
    say("not yours", visible(`${path} = ${value}: from ${where.join(", ")}; ${reason}`));
    if (beside.length > 0)
      say("with it", visible(`${beside.join(", ")}: your approval covers these for this task, too`));
  }
  say("undo", undo ?? "cannot be undone");
  if (approval.layer === "capability") {
    const skill = approval.skill.split("@", 1)[0];
    say("approval", `also lets ${visible(approval.principal)} use ${skill} from now on (mh grant revoke)`);
  }
  print.line(dim(`  ${approval.id}  until ${until}\n  payload ${hash}`));
}
