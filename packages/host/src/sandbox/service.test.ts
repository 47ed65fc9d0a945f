import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Job, Run, ServiceSpec } from "@mh/core/ports/executor.ts";
import type { Timers } from "@mh/core/ports/timers.ts";
import { describe, expect, test } from "vitest";
import { findSandbox, sandboxExecutor } from "./executor.ts";

const sandbox = await findSandbox();
if (sandbox.kind === "none" && process.env.CI === "true") throw new Error(`No sandbox in CI: ${sandbox.reason}`);

/** Time that stands still until a test moves it. */
function handMoved(): Timers & { forward(ms: number): void; waiting(): number } {
  let now = 0;
  const waiting = new Map<() => void, number>();
  return {
    now: () => now,
    after(ms, work) {
      const once = () => work();
      waiting.set(once, now + ms);
      return { [Symbol.dispose]: () => waiting.delete(once) };
    },
    waiting: () => waiting.size,
    forward(ms) {
      now += ms;
      for (const [work, at] of waiting) if (at <= now && waiting.delete(work)) work();
    },
  };
}

const shell = (text: string): Job => ({
  ...{ program: "/bin/sh", args: ["-c", text], hasInput: true, unsandboxed: "Nothing runs." },
  view: { base: "system", places: [], folder: "/tmp" },
  limits: { memoryBytes: 2 ** 28, processesMax: 16, output: { bytesMax: 2 ** 16, beyond: "drop" } },
});

/** Is up when it says so, and lives until it reads a line, which is what it ends with. */
const obedient = "echo up; read -r code; exit $code";

const firstLine = (run: Run): Promise<string> => new Promise((resolve) => run.output.listen((c) => resolve(`${c}`)));

/** A service of shell texts, the next one at each start, the last one ever after. */
function serve(texts: readonly string[], more: Partial<ServiceSpec<Run>> = {}, stopFile?: string) {
  const timers = handMoved();
  const runs: Run[] = [];
  const starts: string[] = [];
  const service = sandboxExecutor({ timers, ...(stopFile && { stopFile }) }).serve<Run>({
    job() {
      const text = texts[Math.min(starts.length, texts.length - 1)] ?? "";
      starts.push(text);
      return shell(text);
    },
    async ready(run) {
      const line = await firstLine(run);
      if (!line.startsWith("up")) throw new Error(`It said ${line.trim()}.`);
      runs.push(run);
      return run;
    },
    restart: "always",
    backOff: { firstMs: 1_000, maxMs: 3_000 },
    crashLoop: { crashes: 5, withinMs: 60_000 },
    stopWithinMs: 200,
    ...more,
  });
  return { service, timers, runs, starts };
}

/** Ends what runs with that code, and waits until it is gone. */
async function end(run: Run | undefined, code: number): Promise<void> {
  run?.input.write(`${code}\n`);
  await run?.end;
}

describe.skipIf(sandbox.kind === "none")("a service", () => {
  test("starts at its first use, once for all who use it, and is up when it says so", async () => {
    const { service, starts } = serve([obedient]);
    expect(service.state).toBe("idle");
    const both = [service.use(), service.use()];
    expect(service.state).toBe("starting");
    const [one, other] = await Promise.all(both);
    expect([one === other, service.state, starts.length]).toEqual([true, "up", 1]);
    await service.stop("Enough.");
    expect(service.state).toBe("stopped");
    await expect(service.use()).rejects.toThrow("Enough.");
  });

  test("is started again when it crashes: at once, then after pauses that double up to their bound", async () => {
    const { service, timers, runs, starts } = serve([obedient], { crashLoop: { crashes: 9, withinMs: 60_000 } });
    await service.use();
    await end(runs[0], 3);
    await expect.poll(() => runs.length).toBe(2);
    for (const [n, pauseMs] of [1_000, 2_000, 3_000, 3_000].entries()) {
      await end(runs[n + 1], 3);
      await expect.poll(() => service.state).toBe("waiting");
      timers.forward(pauseMs - 1);
      expect([service.state, starts.length]).toEqual(["waiting", n + 2]);
      timers.forward(1);
      await expect.poll(() => runs.length).toBe(n + 3);
    }
    // What crashed long ago does not count.
    timers.forward(120_000);
    await end(runs[5], 3);
    await expect.poll(() => runs.length).toBe(7);
    await service.stop("Enough.");
  });

  test("that only ever crashes is not started for ever: it fails, and says why", async () => {
    const { service, timers, starts } = serve(["exit 3"], { crashLoop: { crashes: 3, withinMs: 60_000 } });
    const [first] = await Promise.allSettled([service.use()]);
    expect(first).toMatchObject({ status: "rejected", reason: { message: "It ended with 3." } });
    await expect.poll(() => service.state).toBe("waiting");
    timers.forward(1_000);
    await expect.poll(() => service.state).toBe("failed");
    await expect(service.use()).rejects.toThrow(
      "It ended 3 times within 60 s, and is not started again: It ended with 3.",
    );
    timers.forward(600_000);
    expect([service.state, starts.length, timers.waiting()]).toEqual(["failed", 3, 0]);
  });

  test("that is unwell is ended and started again; one that is slow once is not", async () => {
    let answers: boolean[] = [];
    const { service, timers, runs } = serve([obedient], {
      health: {
        check: () => (answers.shift() ? Promise.resolve() : new Promise(() => undefined)),
        ...{ everyMs: 500, timeoutMs: 100, failuresMax: 2 },
      },
    });
    await service.use();
    const look = async (isAnswered: boolean) => {
      timers.forward(500);
      if (!isAnswered) timers.forward(100);
      await expect.poll(() => timers.waiting()).toBe(1);
    };
    answers = [false, true, false];
    for (const isAnswered of [...answers]) await look(isAnswered);
    expect([service.state, runs.length]).toEqual(["up", 1]);
    timers.forward(500);
    timers.forward(100);
    expect((await runs[0]?.end)?.message).toBe("It did not answer 2 times.");
    await expect.poll(() => runs.length).toBe(2);
    await service.stop("Enough.");
  });

  test("S11 is ended by STOP, which is no crash, and starts again by itself only once STOP is lifted", async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-service-"));
    const stopFile = path.join(folder, "STOP");
    const { service, timers, runs, starts } = serve([obedient], { crashLoop: { crashes: 1, withinMs: 1 } }, stopFile);
    await service.use();
    fs.writeFileSync(stopFile, "");
    expect(await runs[0]?.end).toMatchObject({ status: "killed", reason: "stopped" });
    await expect.poll(() => service.state).toBe("waiting");
    timers.forward(600_000);
    await expect.poll(() => timers.waiting()).toBe(1);
    expect([service.state, starts.length]).toEqual(["waiting", 1]);
    fs.rmSync(stopFile);
    timers.forward(600_000);
    await expect.poll(() => runs.length).toBe(2);
    await service.stop("Enough.");
    fs.rmSync(folder, { recursive: true });
  });

  test("that cannot be prepared when it starts again by itself counts that as a crash, and says so in the end", async () => {
    let starts = 0;
    const { service, timers, runs } = serve([obedient], {
      job() {
        starts += 1;
        if (starts > 1) throw new Error("There is no settings file.");
        return shell(obedient);
      },
      crashLoop: { crashes: 3, withinMs: 60_000 },
    });
    await service.use();
    await end(runs[0], 3);
    await expect.poll(() => [service.state, starts]).toEqual(["waiting", 2]);
    timers.forward(1_000);
    await expect.poll(() => service.state).toBe("failed");
    await expect(service.use()).rejects.toThrow(/is not started again: There is no settings file\.$/);
  });

  test("restarts by its policy: on failure only, or when it is used next", async () => {
    const failing = serve([obedient], { restart: "on-failure" });
    await failing.service.use();
    await end(failing.runs[0], 3);
    await expect.poll(() => failing.runs.length).toBe(2);
    await end(failing.runs[1], 0);
    await expect.poll(() => failing.service.state).toBe("idle");

    const used = serve([obedient], { restart: "on-demand" });
    await used.service.use();
    await end(used.runs[0], 3);
    await expect.poll(() => used.service.state).toBe("idle");
    await used.service.use();
    expect([used.service.state, used.runs.length]).toEqual(["up", 2]);
    await Promise.all([failing, used].map(({ service }) => service.stop("Enough.")));
  });

  test("that does not come up is ended, and what is started anew on purpose is no crash", async () => {
    const wrong = serve(["echo down; sleep 1000"], { crashLoop: { crashes: 1, withinMs: 1 } });
    await expect(wrong.service.use()).rejects.toThrow("It said down.");
    expect(wrong.service.state).toBe("failed");

    const { service, runs } = serve([obedient], { restart: "on-demand", crashLoop: { crashes: 1, withinMs: 60_000 } });
    for (let n = 0; n < 3; n += 1) {
      const run = await service.use();
      service.renew("Something else is wanted.");
      expect((await run.end).message).toBe("Something else is wanted.");
    }
    expect([service.state, runs.length]).toEqual(["idle", 3]);
    await service.stop("Enough.");
  });

  test("is stopped while it waits for its next start, and then never starts", async () => {
    const { service, timers, runs, starts } = serve([obedient], { restart: "on-demand" });
    for (let n = 0; n < 2; n += 1) await end(await service.use(), 3);
    const third = service.use();
    await expect.poll(() => service.state).toBe("waiting");
    await service.stop("Enough.");
    await expect(third).rejects.toThrow("Enough.");
    timers.forward(60_000);
    expect([runs.length, starts.length]).toEqual([2, 2]);
  });
});
