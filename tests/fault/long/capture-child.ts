// Opens a home and captures without end, some at a time; prints each id once it was acknowledged. Made to be killed.
import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { loadLean } from "@mh/host/home/load-lean.ts";

const [root = "", config = "", start = "0"] = process.argv.slice(2);
const { openHome } = await loadLean(() => import("@mh/host/home/open-home.ts"));
const host = await openHome(root, { environment: { HOME: config } });
if (!host) throw new Error("the home is held");

async function captureOn(lane: number): Promise<void> {
  for (let n = 0; ; n += 1) {
    const text = `round ${start} lane ${lane} note ${n}`;
    const outcome = await host?.act({ principal: "owner", skill: "memory.capture", args: { text } });
    if (outcome?.status !== "done") throw new Error(JSON.stringify(outcome));
    // Who is killed writes no cache at its end; those that follow start a quarter faster.
    if (start === "0" && lane === 0 && n === 0) flushCompileCache();
    writeSync(1, `${(outcome.value as { id: string }).id}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(captureOn));
