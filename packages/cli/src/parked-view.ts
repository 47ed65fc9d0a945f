import type { ValueFor } from "@mh/contract/contracts.ts";
import { visible } from "@mh/core/model/visible.ts";
import { hang, type Printer } from "./print.ts";

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
