// A daemon with a skill that loops until there is a file `run/free`: while it does, no event, timer or request of the
// daemon's comes through.
import * as fs from "node:fs";
import * as path from "node:path";
import { defineContract } from "@mh/contract/contract.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { Daemon } from "@mh/host/daemon/daemon.ts";
import { z } from "zod";

const [root = "", home = ""] = process.argv.slice(2);
const parent = process.ppid;

const contract = defineContract({
  name: "test.loop",
  kind: "outside",
  title: "Loop, and let nothing else through",
  input: () => z.strictObject({}),
  output: () => z.strictObject({}),
  examples: [{ title: "Loop", args: {} }],
  effects: ["read"],
  event: "test.looped",
});

const skill = defineOutside(contract, {
  stored: "kept",
  async run() {
    process.stdout.write("loops\n");
    // Once what was to be written was written.
    await new Promise((resolve) => setTimeout(resolve, 50));
    while (!fs.existsSync(path.join(root, "run", "free"))) if (process.ppid !== parent) process.exit(1);
    return {};
  },
});

const daemon = await Daemon.start(root, { environment: { HOME: home }, skills: [skill] });
process.stdout.write("up\n");
process.on("SIGTERM", () => void daemon[Symbol.asyncDispose]().then(() => process.exit(0)));
