// From the wish to run an agent to its first command at the gate, with bubblewrap's sandbox and without, against a bare
// node, taken in turn in one process for each.
import { spawnSync } from "node:child_process";
import * as path from "node:path";

const file = path.join(import.meta.dirname, "support", "first-act.ts");
for (const sandbox of ["bubblewrap", "none"]) {
  // Where no program is found, there is no bubblewrap either.
  const env = { ...process.env, ...(sandbox === "none" && { PATH: "" }) };
  const { status } = spawnSync(process.execPath, [...process.execArgv, file, sandbox], {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) process.exitCode = 1;
}
