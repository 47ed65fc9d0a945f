import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { stopDaemon } from "./background.ts";
import { findDaemon, holdDaemonFile } from "./daemon-file.ts";

function makeRoot(): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-daemon-file-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  return root;
}

const facts = (pid: number) => ({ pid, startedAt: "2026-03-03T06:00:00.000Z", url: "http://127.0.0.1:1" });

/** What a daemon that was killed with -9 leaves behind; its process id is another's by now. */
async function leaveBehind(root: string, pid: number): Promise<string> {
  const file = await holdDaemonFile(root);
  file.write(facts(pid));
  const left = path.join(root, "run", "daemon.json");
  const text = fs.readFileSync(left, "utf8");
  file[Symbol.dispose]();
  fs.writeFileSync(left, text);
  return left;
}

test("a daemon is found while it is held, once it has said what it is, and a second one is refused", async () => {
  const root = makeRoot();
  const left = await leaveBehind(root, 1);
  expect(findDaemon(root)).toBeUndefined();
  using file = await holdDaemonFile(root);
  // What the last one left must not be taken for this one's.
  expect(fs.existsSync(left)).toBe(false);
  expect(findDaemon(root)).toBeUndefined();
  file.write(facts(process.pid));
  expect(findDaemon(root)).toEqual(facts(process.pid));
  await expect(holdDaemonFile(root)).rejects.toThrow(`process ${process.pid}`);
});

test("R-17 where it cannot say what it is nothing is left half written", async () => {
  const root = makeRoot();
  using file = await holdDaemonFile(root);
  const inTheWay = path.join(root, "run", "daemon.json");
  fs.mkdirSync(path.join(inTheWay, "inside"), { recursive: true });
  const before = fs.readdirSync(path.join(root, "run"));
  expect(() => file.write(facts(process.pid))).toThrow();
  expect(fs.readdirSync(path.join(root, "run"))).toEqual(before);
  fs.rmSync(inTheWay, { recursive: true });
});

test("whoever only looks is not taken for a daemon, and no process that took its number is ended", async () => {
  const root = makeRoot();
  const innocent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  onTestFinished(() => void innocent.kill("SIGKILL"));
  await leaveBehind(root, innocent.pid ?? 0);
  const looks = `import { findDaemon } from ${JSON.stringify(path.join(import.meta.dirname, "daemon-file.ts"))};
    for (let n = 0; n < 300; n += 1) if (findDaemon(${JSON.stringify(root)})) process.exit(1);`;
  const others = [1, 2].map(
    () =>
      new Promise<number | null>((resolve) => {
        spawn(process.execPath, ["--input-type=module", "-e", looks], { stdio: "inherit" }).once("exit", resolve);
      }),
  );
  for (let n = 0; n < 300; n += 1) expect(await stopDaemon(root, 1_000)).toBe(false);
  expect(await Promise.all(others)).toEqual([0, 0]);
  expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
  using _held = await holdDaemonFile(root);
});
