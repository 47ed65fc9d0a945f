import { Fault } from "@mh/contract/values/fault.ts";
import type { Context } from "./command.ts";
import { thousands } from "./numbers.ts";
import { wrap } from "./print.ts";

export interface UpgradeOptions {
  preview?: boolean;
  back?: boolean;
  done?: boolean;
}

/** Every command upgrades a home of an earlier format when it opens it; this one shows it, and undoes it. */
export async function upgradeSelf(context: Context, { preview, back, done }: UpgradeOptions): Promise<void> {
  const { print, root, environment } = context;
  if ([preview, back, done].filter(Boolean).length > 1)
    throw new Fault("usage", "--preview, --back and --done are three things: give one of them.");
  const { settleUpgrade, undoUpgrade, upgradeView } = await import("@mh/host/home/upgrade/held.ts");
  const since = back ? undoUpgrade(root, environment) : undefined;
  if (done) settleUpgrade(root);
  if (!preview && !back && !done) await (await context.connect())[Symbol.asyncDispose]();
  const view = upgradeView(root);
  if (print.isJson) return print.json(view);
  const { format, newest, steps, bytes, kept } = view;
  const say = (text: string) => print.line(wrap(text, print.width));
  if (since !== undefined) {
    say(`The home is of format ${format} again, as it was. What it became since lies in ${since}.`);
    return print.note("Open it with the mh of before: this one would upgrade it again.");
  }
  say(steps.length === 0 ? `The home is of format ${format}, the newest.` : `The home is of format ${format}.`);
  if (steps.length > 0) {
    say(
      `The next command brings it to ${newest}, in a copy (${thousands(Math.ceil(bytes / 1024))} KB) that is checked first:`,
    );
    for (const step of steps) say(`  ${step}`);
  }
  if (kept !== null)
    say(`Kept as it was before, in format ${kept}: mh self upgrade --back, or --done to let go of it.`);
}
