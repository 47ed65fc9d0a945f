import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { filesBelow } from "../support/files-below.ts";

const checkout = path.resolve(import.meta.dirname, "../..");

/** Who starts a process, and why that is not the executor's to do. Whose code it is decides: none of these runs a third party's. */
const declared: Readonly<Record<string, string>> = {
  "packages/cli/src/editor.ts": "the owner's editor, in the owner's terminal",
  "packages/cli/src/pager.ts": "the owner's pager, in the owner's terminal",
  "packages/host/src/daemon/open-page.ts": "the owner's browser, on the owner's desktop",
  "packages/host/src/daemon/background.ts": "mh itself, as the daemon",
  "packages/host/src/extensions/from-git.ts": "git, which fetches what nothing runs yet",
  "packages/host/src/sandbox/probe-seatbelt.ts": "in a text that runs inside the sandbox, where it must fail",
  "packages/host/src/sandbox/process-run.ts": "the executor",
  "packages/host/src/sandbox/relay-entry.ts": "runs inside the sandbox, in front of the job",
  "packages/host/src/sandbox/usage-by-ps.ts": "ps, which says what a process uses where there is no /proc",
  "packages/host/src/wiring/desktop-program.ts": "the desktop's notifications",
};

const startsProcesses =
  /^import (?!type ).*"(node:)?child_process"|getBuiltinModule\("(node:)?child_process"\)|execve\(/m;

test("K15 processes are started by the executor alone, and by those who are declared here", () => {
  const sources = fs
    .readdirSync(path.join(checkout, "packages"))
    .filter((name) => name !== "testing")
    .flatMap((name) => filesBelow(path.join(checkout, "packages", name, "src")))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  expect(sources.length).toBeGreaterThan(300);
  const found = sources.filter((file) => startsProcesses.test(fs.readFileSync(file, "utf8")));
  expect(found.map((file) => path.relative(checkout, file)).sort()).toEqual(Object.keys(declared).sort());
});
