// Approval requests and how they are shown.
import { core, type Sabotage, system } from "./sabotage.ts";

const approvals = core("approvals/approvals.ts");

export const approvalsSabotages: readonly Sabotage[] = [
  {
    name: "a change to a plan is asked for as anything else",
    file: core("approvals/shown.ts"),
    find: '...(command?.change ? [line("change to", changeText(command.change))] : []),',
    replace: "",
    test: system(
      "plan-card",
      "K16 what a plan does not cover is asked for as a change to it: which plan, which step, and what differs",
    ),
  },
  {
    name: "an approval request is answered twice",
    file: approvals,
    find: `if (row.status !== "open") throw closed(row);\n  if (row.object`,
    replace: `if (row.status === "refused") throw closed(row);\n  if (row.object`,
    test: system("approvals", "H12 two yeses at once run it once"),
  },
  {
    name: "an approval request never lapses",
    file: approvals,
    find: `row.status === "open" && row.expires_ms <= now`,
    replace: `row.status === "open" && row.expires_ms <= 0`,
    test: system("approvals", "H12 an approval request nobody answered in time is denied"),
  },
  {
    name: "an approval of one thing runs another",
    file: approvals,
    find: "if (row.object !== hash) {",
    replace: "if (row.id !== id) {",
    test: system("approvals", "H12 an approval of another payload than the one that waits is refused"),
  },
  {
    name: "an argument's name is shown as if it were a line of mh's own",
    file: core("approvals/shown.ts"),
    find: "line(argumentLabel(name), typeof",
    replace: "line(name, typeof",
    test: {
      file: core("approvals/shown.test.ts"),
      name: "S10 an argument of any name, and of any length, is never taken for a line of mh's own",
    },
  },
  {
    name: "what was denied is granted by now, and the list still says to grant it",
    file: core("approvals/blocked.ts"),
    find: "if (mayUse({ ...wanted, declared }))",
    replace: "if (declared === undefined)",
    test: system(
      "rule-offers",
      "K16 a skill that somebody may not use at all is listed with what would permit it: a grant, its own file, or its adoption",
    ),
  },
];
