import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Job } from "@mh/core/ports/executor.ts";
import { trySeatbelt } from "@mh/host/sandbox/probe-seatbelt.ts";
import { ProcessRun } from "@mh/host/sandbox/process-run.ts";
import { seatbeltCall } from "@mh/host/sandbox/seatbelt-job.ts";
import { usageIn } from "@mh/host/sandbox/usage-by-ps.ts";
import { expect, onTestFinished, test } from "vitest";

// sandbox-exec runs on macOS alone. What stands in for it here starts the program and holds nothing, so that these tests
// show how jobs start there and that the probe notices a sandbox that does not hold; what the profile says is judged in
// packages/host/src/sandbox/seatbelt.test.ts.
function standIn(): string {
  const folder = temporary();
  const file = path.join(folder, "sandbox-exec");
  fs.writeFileSync(file, '#!/bin/sh\n[ "$1" = -p ] || exit 64\nshift 2\nexec "$@"\n', { mode: 0o755 });
  return file;
}

function temporary(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-test-")));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const jobOf = (view: Partial<Job["view"]>, more: Partial<Job> = {}): Job => ({
  ...{ program: "/mh/node", args: ["/mh/entry.mjs", "--allow-fs-read=/skill/", "/skill"], unsandboxed: "" },
  view: { base: "node", places: [], folder: "/mh", ...view },
  limits: { memoryBytes: 2 ** 29, processesMax: 1, output: { bytesMax: 10_000, beyond: "drop" } },
  ...more,
});

test("K15 the probe of macOS does not rely upon a sandbox that holds nothing", async () => {
  const { kind, reason } = await trySeatbelt(standIn());
  expect(kind).toBe("none");
  for (const what of [
    "reads the owner's files",
    "reaches the network",
    "starts processes",
    "in a folder that it was given",
  ])
    expect(reason).toContain(what);
});

test("on macOS a job begins with its own paths, nothing of the environment, and a scratch folder that goes with it", async () => {
  const folder = temporary();
  const text = `
    import fs from "node:fs";
    const { HOME, TMPDIR, ...others } = process.env;
    fs.writeFileSync(HOME + "/x", "1");
    console.log(JSON.stringify({ args: process.argv.slice(2), HOME, TMPDIR, cwd: process.cwd(), names: Object.keys(others) }));`;
  fs.writeFileSync(path.join(folder, "entry.mjs"), text);
  fs.mkdirSync(path.join(folder, "package"));
  const skill = path.join(folder, "package");
  const places = [
    { from: path.join(folder, "entry.mjs"), at: "/mh/entry.mjs" },
    { from: skill, at: "/skill" },
  ];
  const job = jobOf({ places }, { environment: { TOKEN: "t" } });
  const sandbox = async () => ({ kind: "seatbelt", tried: [], caps: [] }) as const;
  const run = new ProcessRun(job, { sandbox, sandboxExec: standIn() });
  let said = "";
  run.output.listen((chunk) => {
    said += Buffer.from(chunk).toString("utf8");
  });
  expect(await run.end).toMatchObject({ status: "exited", exitCode: 0 });
  const { args, HOME, TMPDIR, cwd, names } = JSON.parse(said) as Record<string, string> & { names: string[] };
  expect({ args, TMPDIR, cwd, isThere: fs.existsSync(HOME ?? "") }).toEqual({
    ...{ args: [`--allow-fs-read=${skill}/`, skill], TMPDIR: HOME, cwd: HOME, isThere: false },
  });
  expect(names.filter((name) => !["PATH", "TOKEN", "PWD", "SHLVL", "_", "OLDPWD"].includes(name))).toEqual([]);
});

test("S9 on macOS a place that is a link, holds what is hidden or has a socket in it is refused", async () => {
  const folder = temporary();
  fs.mkdirSync(path.join(folder, "real"));
  fs.symlinkSync(path.join(folder, "real"), path.join(folder, "link"));
  const refusal = (view: Partial<Job["view"]>, more: Partial<Job> = {}) =>
    seatbeltCall(jobOf(view, more), () => false).then(
      () => "begins",
      (error: Error) => error.message,
    );
  expect(await refusal({ places: [{ from: path.join(folder, "link") }] })).toContain("links are not followed");
  expect(await refusal({ places: [{ from: folder }], hidden: [path.join(folder, "real")] })).toContain("belongs to mh");
  expect(await refusal({ places: [] }, { hosts: ["example.org"] })).toContain("macOS");
  expect(await refusal({ places: [{ from: path.join(folder, "none") }] })).toContain("There is no");
});

test("S13 on macOS, too, a job does not begin where what was approved is another by now", async () => {
  const sandbox = async () => ({ kind: "seatbelt", tried: [], caps: [] }) as const;
  const begun = path.join(temporary(), "begun");
  const program = { program: "/bin/sh", args: ["-c", `: > ${begun}`] };
  const view = { base: "system", places: [], folder: "/tmp" } as const;
  const job = jobOf(view, { ...program, whenUp: async (root) => Promise.reject(new Error(`${root} changed`)) });
  const run = new ProcessRun(job, { sandbox, sandboxExec: standIn() });
  expect(await run.end).toMatchObject({ status: "killed", reason: "changed", message: "/ changed" });
  expect(fs.existsSync(begun)).toBe(false);
});

test("what ps says of a process is read as its units are", () => {
  expect(usageIn(7, " 2048   1:02.50\n")).toMatchObject({
    ...{ rssBytes: 2 ** 21, pids: [7], times: [{ id: "7", ownMs: 62_500 }] },
  });
  expect(usageIn(7, "\n")).toBeUndefined();
});
