import { visible } from "@mh/core/model/visible.ts";
import type { Parked } from "@mh/core/spine/call.ts";
import type { ApprovalRow } from "@mh/core/spine/state.ts";
import type { Printer } from "./print.ts";

export interface ParkedView {
  approval: ApprovalRow;
  command: Parked | null;
  title: string;
  undo: string | null;
  hash: string;
}

/** The whole question: who, what, why it is asked, every argument in full, what undoes it. Nothing is shortened. */
export function showParked(print: Printer, { approval, command, title, undo, hash }: ParkedView): void {
  const { bold, dim, yellow } = print.color;
  const until = new Date(approval.expires_ms).toISOString();
  print.line(`${bold(visible(title))}   ${yellow(approval.status)}`);
  print.line(
    `  asked by   ${visible(approval.principal)}${command?.onBehalfOf ? ` for ${visible(command.onBehalfOf)}` : ""}`,
  );
  print.line(`  why asked  ${visible(approval.reason)} (${approval.layer})`);
  if (!command) print.line("  payload    changed or deleted since; it can only be refused");
  for (const [name, value] of Object.entries(command?.args ?? {})) {
    print.line(`  ${visible(name).padEnd(10)} ${visible(typeof value === "string" ? value : JSON.stringify(value))}`);
  }
  print.line(`  undo       ${undo ?? "cannot be undone"}`);
  if (approval.layer === "capability") {
    const skill = approval.skill.split("@", 1)[0];
    print.line(`  your yes   also lets ${visible(approval.principal)} use ${skill} from now on (mh grant revoke)`);
  }
  print.line(dim(`  ${approval.id}  until ${until}\n  payload ${hash}`));
}
