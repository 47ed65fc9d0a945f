// What the shell that starts mh left open: neither mh, nor anything that it starts, has it.
import * as fs from "node:fs";
import * as path from "node:path";
import { findSandbox } from "@mh/host/sandbox/executor.ts";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";
import { type Mh, mhWithHome } from "./mh.ts";

const sandbox = await findSandbox();
if (sandbox.kind === "none" && process.env.CI === "true") throw new Error(`No sandbox in CI: ${sandbox.reason}`);
const sandboxed = test.skipIf(sandbox.kind === "none");

/** Low, high, past a gap, past the usual limit of 1,024; folders, a file, a pipe. */
const leaks =
  "ulimit -n 20000; exec 5</etc 9</etc/hostname 77</ 200</ 201<>/dev/null 1500</tmp 16999</; exec 300< <(:)";
const leaky = (more = "") => ["bash", "-c", `${leaks}; ${more} exec "$@"`, "bash"];

const act = (mh: Mh, skill: string, args: object, under: readonly string[]) =>
  mh.run(["act", skill, JSON.stringify(args), "--json"], { under });

/** Of a listing by `ls -l`, what is open beside the standard streams. */
const beyondStandard = (listing: string): string[] =>
  [...listing.matchAll(/ (\d+) -> (.+?)(?:\\n|$)/gm)]
    .filter(([, n]) => Number(n) > 2)
    .map(([, n, to]) => `${n} -> ${to}`);

/** What `ls` has open to look there. */
const ownLook = /^3 -> \/proc\/\d+\/fd$/;

sandboxed(
  "S4 a program, started from a shell that left folders open, has nothing open and reaches nothing by it",
  () => {
    using mh = mhWithHome();
    const listed = act(mh, "shell.run", { argv: ["ls", "-l", "/proc/self/fd"] }, leaky());
    expect([listed.code, listed.err]).toEqual([0, ""]);
    expect(beyondStandard(listed.out).filter((each) => !ownLook.test(each))).toEqual([]);
    using place = makePlace();
    for (const n of [5, 9, 77, 200, 1500, 16999]) {
      const at = `/proc/self/fd/${n}`;
      const { out } = act(mh, "shell.run", { argv: ["ls", `${at}/etc/hostname`, `${at}/`, at] }, leaky());
      expect([n, out]).toEqual([n, expect.stringContaining(`cannot access '${at}'`)]);
      act(mh, "shell.run", { argv: ["touch", `${at}${place.folder}/written`] }, leaky());
    }
    expect(fs.readdirSync(place.folder)).toEqual([]);
  },
);

test("S4 the daemon that is started there has none of them either, nor does what it starts", () => {
  using mh = mhWithHome();
  const started = mh.run(["daemon", "start"], { under: leaky() });
  expect([started.code, started.err]).toEqual([0, ""]);
  try {
    const { pid } = JSON.parse(fs.readFileSync(path.join(mh.root, "run", "daemon.json"), "utf8")) as { pid: number };
    const folder = `/proc/${pid}/fd`;
    const open = fs.readdirSync(folder).flatMap((n) => linkOf(folder, n));
    expect(open.length).toBeGreaterThan(5);
    expect(open.filter((each) => / \/(etc|tmp|etc\/hostname)?$|^(201|300|1500|16999) /.test(each))).toEqual([]);
    if (sandbox.kind === "none") return;
    const listed = act(mh, "shell.run", { argv: ["ls", "-l", "/proc/self/fd"] }, []);
    expect(beyondStandard(listed.out).filter((each) => !ownLook.test(each))).toEqual([]);
  } finally {
    mh.run(["daemon", "stop"]);
  }
});

/** A descriptor of a process that works, and where it leads; none where it was closed meanwhile. */
function linkOf(folder: string, n: string): string[] {
  try {
    return [`${n} ${fs.readlinkSync(path.join(folder, n))}`];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

test("S4 what runs outside the sandbox has none of them: an editor sees its standard streams", () => {
  using place = makePlace();
  const editor = place.at("editor");
  fs.writeFileSync(editor, `#!/bin/sh\nls -l /proc/self/fd > ${place.at("open")}\n`, { mode: 0o700 });
  using mh = mhWithHome({ EDITOR: editor });
  mh.run(["config", "edit"], { under: leaky() });
  const open = beyondStandard(fs.readFileSync(place.at("open"), "utf8"));
  expect(open.filter((each) => !ownLook.test(each))).toEqual([]);
});

test("S4 what the command line names is read all the same: a shell writes it so", () => {
  using mh = mhWithHome();
  const kept = path.join(mh.root, "checkpoint.txt");
  fs.writeFileSync(kept, mh.run(["audit", "checkpoint"]).out);
  const script = `${leaks}; exec "$@" <(cat '${kept}')`;
  const { code, err } = mh.run(["audit", "verify", "--witness"], { under: ["bash", "-c", script, "bash"] });
  expect([code, err]).toEqual([0, ""]);
});
