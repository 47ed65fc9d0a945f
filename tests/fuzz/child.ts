// Runs the inputs of one target, each when the parent asks for it, and reports what it cost and what was wrong. A crash, a
// hang or too much memory the parent sees from outside.
import { diceFrom } from "./dice.ts";
import type { Answer, Ask } from "./drive.ts";
import { openTarget } from "./targets/index.ts";

const [name = ""] = process.argv.slice(2);
let escaped: unknown;
for (const event of ["uncaughtException", "unhandledRejection"])
  process.on(event, (error) => {
    escaped ??= error;
  });
// What the daemon would only warn of is a mistake of ours, too.
process.on("warning", (warning) => {
  if (/went wrong inside/.test(warning.message)) escaped ??= warning;
});

const target = await openTarget(name);
let last = Promise.resolve();
process.on("message", (ask: Ask) => {
  // One after the other, or nobody could tell whose cost it was.
  last = last.then(() => answer(ask));
});
process.on("disconnect", () => process.exit(0));
say({ ready: true, renewAfter: target.renewAfter, cpuMsMax: target.cpuMsMax ?? 1_000 });

async function answer(ask: Ask): Promise<void> {
  if ("end" in ask) {
    await target[Symbol.asyncDispose]();
    process.disconnect();
    return;
  }
  const input = "seed" in ask ? target.make(diceFrom(ask.seed)) : Buffer.from(ask.bytes, "base64");
  const before = process.cpuUsage();
  let thrown: unknown;
  try {
    await target.feed(input);
    // What escaped shows a turn later.
    await new Promise(setImmediate);
  } catch (error) {
    thrown = error;
  }
  const { user, system } = process.cpuUsage(before);
  const wrong = thrown ?? escaped;
  escaped = undefined;
  say({
    cpuMs: (user + system) / 1000,
    rssBytes: process.memoryUsage.rss(),
    sizeBytes: input.length,
    ...(wrong !== undefined && { wrong: storyOf(wrong), bytes: input.toString("base64") }),
    ...("show" in ask && { bytes: input.toString("base64") }),
  });
}

function say(answer: Answer): void {
  process.send?.(answer);
}

const storyOf = (error: unknown): string =>
  error instanceof Error
    ? `${error.name}: ${error.message.slice(0, 600)}\n${error.stack?.split("\n").slice(1, 9).join("\n")}`
    : String(error);
