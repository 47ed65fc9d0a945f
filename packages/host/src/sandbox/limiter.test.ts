import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Job, Run } from "@mh/core/ports/executor.ts";
import { afterAll, describe, expect, test } from "vitest";
import { sandboxExecutor } from "./executor.ts";

const isMissing = spawnSync("bwrap", ["--version"]).error !== undefined;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-limiter-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const shell = (text: string, more: Partial<Job> = {}): Job => ({
  ...{ program: "/bin/sh", args: ["-c", text], hasInput: true, unsandboxed: "Nothing runs." },
  view: { base: "system", places: [], folder: "/tmp" },
  // What nothing else ends is ended by its time, so that a test turns red and does not hang.
  limits: { timeMs: 20_000, memoryBytes: 2 ** 27, processesMax: 16, output: { bytesMax: 2 ** 16, beyond: "drop" } },
  ...more,
});

const obedient = "echo up; read -r code; exit $code";
const isUp = (run: Run) => new Promise<void>((resolve) => run.output.listen(() => resolve()));

describe.skipIf(isMissing && !process.env.CI)("what is started", () => {
  test("S11 is ended by STOP, and does not begin while it stands, but for the owner's", async () => {
    const stopFile = path.join(folder, "STOP");
    const executor = sandboxExecutor({ stopFile });
    const [theirs, own] = [executor.run(shell(obedient)), executor.run(shell(obedient, { isOwners: true }))];
    await Promise.all([isUp(theirs), isUp(own)]);
    fs.writeFileSync(stopFile, "");
    expect(await theirs.end).toMatchObject({ status: "killed", reason: "stopped", message: "STOP came while it ran." });
    expect(await executor.run(shell("echo ran")).end).toMatchObject({
      ...{ status: "refused", reason: "stopped", exitCode: null },
      message: "STOP stands: nothing runs but what is your own. `mh resume` lifts it.",
    });
    own.input.write("7\n");
    expect(await own.end).toMatchObject({ status: "exited", exitCode: 7 });
    expect(await executor.run(shell("exit 3", { isOwners: true })).end).toMatchObject({ exitCode: 3 });
  });

  test.each([
    ["ended", (run: Run) => run.kill("Enough."), /^Enough\.$/],
    ["stopped by STOP", () => fs.writeFileSync(path.join(folder, "paused"), ""), /^STOP (?:came|stands)/],
  ])("S11 is %s though it was paused, at whatever moment of its start", async (_how, end, why) => {
    const stopFile = path.join(folder, "paused");
    for (let ms = 0; ms < 24; ms += 1) {
      fs.rmSync(stopFile, { force: true });
      const run = sandboxExecutor({ stopFile }).run(shell("sleep 1000"));
      await pause(ms);
      run.pause();
      await pause(ms % 3);
      end(run);
      const { reason, message } = await run.end;
      expect([reason, message]).toEqual(["stopped", expect.stringMatching(why)]);
    }
  });

  test("S11 goes on once it is resumed, at whatever moment of its start it was paused", async () => {
    for (let ms = 0; ms < 24; ms += 1) {
      const run = sandboxExecutor().run(shell("exit 5"));
      await pause(ms);
      run.pause();
      await pause(ms % 3);
      run.resume();
      expect(await run.end).toMatchObject({ status: "exited", exitCode: 5 });
    }
  });

  test("S16 counts as its memory what scratch space holds for it", async () => {
    const { end } = sandboxExecutor().run(shell("head -c 200000000 /dev/zero > /tmp/x; sleep 1000"));
    expect(await end).toMatchObject({ status: "killed", reason: "memory" });
  });

  test("S16 that is over its time while its sandbox is still being made is told so, and no exchange", async () => {
    const given = fs.mkdtempSync(path.join(folder, "given-"));
    const view: Job["view"] = { base: "system", places: [{ from: given }], folder: given };
    const limits = shell("").limits;
    const ends = Array.from(
      { length: 24 },
      (_, n) => sandboxExecutor().run(shell("sleep 1000", { view, limits: { ...limits, timeMs: 1 + 4 * n } })).end,
    );
    const reasons = (await Promise.all(ends)).map(({ reason, message }) => (reason === "time" ? reason : message));
    expect(new Set(reasons)).toEqual(new Set(["time"]));
  });
});
