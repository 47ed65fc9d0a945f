import { visible } from "@mh/contract/visible/visible.ts";
import { closeInherited } from "@mh/host/sandbox/inherited.ts";
import { runMain } from "./run-main.ts";

closeInherited(process.argv, process.env);
tellWarnings();
process.exitCode = await runMain(process.argv.slice(2));

/** Warnings of ours are told as the rest is; those of Node and of libraries stay as they are. */
function tellWarnings(): void {
  const usual = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "Warning") process.stderr.write(`mh: ${visible(warning.message)}\n`);
    else for (const listener of usual) listener(warning);
  });
}
