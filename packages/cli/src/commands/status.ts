import { Fault } from "@mh/contract/values/fault.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { stopPath } from "@mh/core/kernel/stop-path.ts";
import { jumpWords, leastJumpMs } from "@mh/core/model/clock-words.ts";
import { readRulesTrouble } from "@mh/host/home/rules-trouble.ts";
import { readSummary, type Summary } from "@mh/host/home/summary.ts";
import { exists, saysEncrypted, socketPath } from "@mh/host/places.ts";
import type { CommandModule, Context } from "../command.ts";
import { exitCodes } from "../exit.ts";
import type * as Layout from "../layout.ts";
import { counted, thousands } from "../numbers.ts";

export const command: CommandModule = {
  uses: [],
  build(parser, context) {
    parser.addHelpText("after", "\nExample:\n  mh status --json").action(async () => {
      // A locked home is not looked at, and says so.
      if (saysEncrypted(context.root)) {
        const { homeDisk } = await import("@mh/host/encryption/home-disk.ts");
        homeDisk(context.root, context.environment);
      }
      showStatus(context, [], await import("../layout.ts"));
    });
  },
};

/**
 * Reads four small files and opens nothing: cheap enough for a shell prompt. What is long is laid out by the caller that has loaded
 * the layout, which costs a tenth of this.
 */
export function showStatus(
  { root, print }: Pick<Context, "root" | "print">,
  args: readonly string[],
  { hang }: Pick<typeof Layout, "hang"> = { hang: (label, text) => label + text },
): number {
  if (args.length > 0) throw new Fault("usage", `mh status takes no ${args[0]}. \`mh status --help\``);
  if (!exists(`${root}/home.json`))
    throw new Fault("home.missing", `There is no home at ${root} yet. \`mh init\` makes one.`);
  const summary = readSummary(root);
  const stopped = exists(`${root}/${stopPath}`);
  const held = exists(socketPath(root));
  const rulesTrouble = readRulesTrouble(root);
  if (print.isJson) {
    print.json({ home: root, stopped, held, ...summary, ...(rulesTrouble.length > 0 && { rulesTrouble }) });
    return exitCodes.done;
  }
  const { bold, red, yellow, dim } = print.color;
  print.line(`home       ${bold(root)}${held ? dim("  (in use; the figures are from before that)") : ""}`);
  if (stopped) print.line(red("STOPPED    everyone but you is denied; `mh resume` lifts it"));
  const jump = jumpIn(summary);
  if (jump) print.line(yellow(hang("clock      ", `${jump}: mh doctor`, print.width)));
  for (const each of rulesTrouble)
    print.line(yellow(hang("rules      ", `${visible(each)} \`mh doctor\``, print.width)));
  if (!summary) {
    print.line('No summary was left here yet. Try: mh capture "Met with Sarah about the ML project"');
    return exitCodes.done;
  }
  print.line(`memories   ${thousands(summary.memories)}`);
  print.line(`log        ${counted(summary.records, "record")}, last ${print.moment(summary.at)}`);
  const { questions, interrupted, pendingRules } = summary;
  print.line(
    questions > 0
      ? yellow(`approvals  ${questions} ${questions === 1 ? "waits" : "wait"} for you: mh approvals list`)
      : "approvals  none",
  );
  for (const line of spentLines(summary)) print.line(line);
  if (pendingRules > 0)
    print.line(
      yellow(
        `review     ${counted(pendingRules, "change")} ${pendingRules === 1 ? "waits" : "wait"} for you: mh review`,
      ),
    );
  if (interrupted > 0)
    print.line(yellow(`commands   ${interrupted} ${interrupted === 1 ? "was" : "were"} interrupted: mh audit tail`));
  return exitCodes.done;
}

/** The last jump of the clock: of late, or since the home was last closed. */
function jumpIn(summary: Summary | undefined): string | undefined {
  const since = summary && { fromMs: Date.parse(summary.at), toMs: Date.now() };
  const isBack = since && since.fromMs - since.toMs > leastJumpMs;
  const jump = isBack ? since : summary?.clock;
  return jump && jumpWords(jump.fromMs, jump.toMs);
}

/** As in `models     12,300 tokens and 0.42 EUR in a day; most by agent:organizer (8,000)`, and what is left. */
function spentLines({ spent = [], paid, tokensLeft, moneyLeft }: Summary): string[] {
  const [most] = spent;
  if (!most) return [];
  const tokens = spent.reduce((sum, each) => sum + each.tokens, 0);
  const by =
    spent.length > 1
      ? `; most by ${visible(most.principal)} (${thousands(most.tokens)})`
      : ` by ${visible(most.principal)}`;
  const left = tokensLeft === undefined ? "" : `${thousands(tokensLeft)} tokens${moneyLeft ? ` and ${moneyLeft}` : ""}`;
  return [
    `models     ${thousands(tokens)} tokens${paid ? ` and ${paid}` : ""} in a day${by}`,
    ...(left ? [`           ${left} left to agents; each alone, and as it is now: mh model usage`] : []),
  ];
}
