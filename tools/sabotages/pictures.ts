// What the pictures read: activity, drift, a run as a trace and as a file, kept checkpoints.
import { core, host, type Sabotage, system } from "./sabotage.ts";

const activity = (name: string) => system("activity", name);
const runs = (name: string) => system("run-look", name);

const counted = activity("K3 what was done is counted by the hour, reading left out, and the same from the log alone");
const drift = activity(
  "H17 drift counts refusals, undone commands and other choices against approvals, and stays within [0, 1]",
);
const file = runs(
  "P18 a run's file holds nobody's words, names, places or identifiers, loads nothing and runs nothing",
);
const shown = runs("K3 a run is shown with all that it caused, in order, with what waits and what it touched");

export const picturesSabotages: readonly Sabotage[] = [
  {
    name: "reading counts as activity",
    file: core("inspect/activity-table.ts"),
    find: "&& !isReading(request[0].effect)",
    replace: "",
    test: counted,
  },
  {
    name: "what the owner took back is no drift",
    file: core("inspect/activity.ts"),
    find: ' + sum("undone")',
    replace: "",
    test: drift,
  },
  {
    name: "drift never forgets",
    file: core("inspect/activity.ts"),
    find: "const driftDays = 14;",
    replace: "const driftDays = 60;",
    test: drift,
  },
  {
    name: "a run's file names skills of others",
    file: core("runs/run-redacted.ts"),
    find: "known.isShippedSkill(name) ? name",
    replace: "name ? name",
    test: file,
  },
  {
    name: "a run's file names the owner's own agents",
    file: core("runs/run-redacted.ts"),
    find: "known.isShippedAgent(name) ? name",
    replace: "name ? name",
    test: file,
  },
  {
    name: "a run's file says which hosts and paths were touched",
    file: core("runs/run-redacted.ts"),
    find: "value: places.of(kind, value)",
    replace: "value: places.of(kind, value) + value",
    test: file,
  },
  {
    name: "a run's file says when it was",
    file: core("runs/run-redacted.ts"),
    find: "Date.parse(at) - begin",
    replace: "Date.parse(at)",
    test: file,
  },
  {
    name: "an answer that came after the run is not shown",
    file: core("runs/run-records.ts"),
    find: 'filter(({ phase }) => phase === "ask")',
    replace: "filter(() => false)",
    test: shown,
  },
  {
    name: "a kept checkpoint is not looked at",
    file: host("audit/inspector.ts"),
    find: "...kept.map(",
    replace: "...[].map(",
    test: system(
      "audit-proof",
      "K3 a checkpoint that was kept elsewhere holds as long as the log still begins as it says",
    ),
  },
];
