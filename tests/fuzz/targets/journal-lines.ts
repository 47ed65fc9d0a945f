import * as fs from "node:fs";
import { inspect } from "@mh/host/audit/inspect.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import type { Dice } from "../dice.ts";
import { fuzzedHome } from "../fuzzed-home.ts";
import { mutatedBytes } from "../mutate.ts";
import { mutatedJson } from "../mutate-json.ts";
import { checkFault, checkThrown, Finding, type Target } from "../target.ts";

/** A log that somebody changed: `audit verify` names it, doctor answers, and opening either repairs a torn tail or refuses. */
export async function open(): Promise<Target> {
  const fuzzed = await fuzzedHome();
  const { home } = fuzzed;
  for (let n = 0; n < 4; n += 1) await home.own("memory.capture", { text: `note ${n}` });
  await home.own("grant.give", { principal: "agent:x", skill: "memory.capture" });
  await home.own("journal.checkpoint", {});
  await home.own("memory.capture", { text: "after the checkpoint" });
  await home.close();
  const [name = ""] = fs.readdirSync(home.file("logs/audit"));
  const log = home.file(`logs/audit/${name}`);
  const good = fs.readFileSync(log);
  const lines = good.toString("utf8").trimEnd().split("\n");
  const whole = `${home.root}-whole`;
  const keys = `${home.root}-keys`;
  fs.cpSync(home.root, whole, { recursive: true });
  const beside = `${home.environment.HOME}/.config`;
  fs.cpSync(beside, keys, { recursive: true });
  const changed = (dice: Dice): Buffer => {
    const at = dice.below(lines.length);
    const line = dice.chance(0.7) ? mutatedJson(dice, [lines[at] as string, ...lines]) : dice.pick(lines);
    const put = dice.chance(0.6)
      ? lines.with(at, line)
      : dice.chance(0.5)
        ? [...lines, line]
        : lines.toSpliced(at, dice.below(3), line);
    return Buffer.from(`${put.join("\n")}${dice.chance(0.8) ? "\n" : ""}`);
  };
  return {
    renewAfter: 150,
    make: (dice) =>
      dice.chance(0.6) ? changed(dice) : mutatedBytes(dice, dice.chance(0.5) ? good : changed(dice), [good]),
    async feed(input) {
      fs.writeFileSync(log, input);
      const { status } = inspect(home.root, home.environment).verify({});
      if (status === "ok" && !input.equals(good)) throw new Finding("A changed log verifies.");
      for await (const { what } of checkHome(home.root, home.environment))
        if (what === "") throw new Finding("Doctor says nothing.");
      try {
        await home.reopen();
        const outcome = await home.act("owner", "memory.list");
        if (outcome.status === "failed") checkFault(outcome.fault);
        for await (const _event of home.host.replay({}));
      } catch (error) {
        checkThrown(error);
      } finally {
        await home.close();
        fs.rmSync(home.root, { recursive: true });
        fs.cpSync(whole, home.root, { recursive: true });
        fs.rmSync(beside, { recursive: true });
        fs.cpSync(keys, beside, { recursive: true });
      }
    },
    async [Symbol.asyncDispose]() {
      await fuzzed[Symbol.asyncDispose]();
    },
  };
}
