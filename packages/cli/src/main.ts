import { closeInherited } from "@mh/host/sandbox/inherited.ts";
import { runMain } from "./run-main.ts";

closeInherited(process.argv, process.env);
process.exitCode = await runMain(process.argv.slice(2));
