// A daemon whose clock runs ahead by so many milliseconds. It prints what it found when it started, and waits to be killed.
import { systemClock } from "@mh/host/adapters/system-clock.ts";
import { Daemon } from "@mh/host/daemon/daemon.ts";
import { daemonLog } from "@mh/host/serve/http/daemon-log.ts";

const [root = "", home = "", aheadMs = "0"] = process.argv.slice(2);
const clock = { ...systemClock, now: () => Date.now() + Number(aheadMs) };
const daemon = await Daemon.start(root, { environment: { HOME: home }, clock, log: daemonLog(root), version: "test" });
process.stdout.write(`${JSON.stringify(daemon.report)}\n`);
setInterval(() => undefined, 60_000);
process.on("SIGTERM", () => void daemon[Symbol.asyncDispose]().then(() => process.exit(0)));
