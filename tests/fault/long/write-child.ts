// Opens a home and writes without end, some at a time: memories, tasks, and lines outside of the home. Each text is one of
// a kind; it is printed once it was acknowledged. Made to be killed.
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { loadLean } from "@mh/host/home/load-lean.ts";

const [root = "", config = "", outbox = "", round = "0"] = process.argv.slice(2);
const { openHome } = await loadLean(() => import("@mh/host/home/open-home.ts"));
const { outboxSkill } = await import("@mh/testing");
// From here on it may be killed: opening recovers what the last one left.
writeSync(1, "opening\n");
const host = await openHome(root, { environment: { HOME: config }, skills: [outboxSkill(outbox)] });
if (!host) throw new Error("the home is held");

const lanes = [0, 1, 2, 3];
// Reading a text for people and dates takes longer to load than all the rest: not every child does that.
const captures = Number(round) % 5 === 0;

async function writeOn(lane: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const text = `round ${round} lane ${lane} number ${n}.`;
    const [skill, args] = write(lane + n, text);
    const outcome = await host?.act({ principal: "owner", skill, args });
    if (outcome?.status !== "done") throw new Error(`${skill}: ${JSON.stringify(outcome)}`);
    writeSync(1, `${text}\n`);
    // Who is killed writes no cache at its end; those that follow start a quarter faster.
    if (round === "0" && lane === 0 && n === 4) flushCompileCache();
  }
}

function write(turn: number, text: string): [skill: string, args: unknown] {
  if (captures && turn % 2 === 0) return ["memory.capture", { text }];
  return turn % 4 === 1 ? ["outbox.append", { text }] : ["task.add", { title: text }];
}

await Promise.all(lanes.map(writeOn));
