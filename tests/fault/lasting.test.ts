import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";
import { canTrace, counting, readTrace } from "../support/sweep/strace.ts";
import { unsynced } from "../support/sweep/unsynced.ts";

const built = path.join(import.meta.dirname, "..", "..", "dist", "mh.js");
const [first, second] = ["correct horse battery\n", "another horse battery\n"];

/** What is made anew where it is missing, or is behind at a power cut and says so. */
const isMadeAnew = (at: string): boolean =>
  /\/(?:memory\/index|run|offers)(?:\/|$)(?!STOP)|\/(?:witness|socket\.key)$|\.mh-restore-\d+/.test(at);

/** One after the other: each as it is given, and what it is given to read. Most do their work around the gate. */
const commands: readonly [args: string, input?: string][] = [
  ["init --yes"],
  ["capture Tea"],
  ["memory prefer Tea"],
  ["secret store keyfile"],
  ["secret set ntfy", "tk_1\n"],
  ["secret rm ntfy"],
  ["secret set other", "tk_2\n"],
  ["stop"],
  ["resume"],
  ["device add phone"],
  ["self export AT/self.zip"],
  ["backup create AT/kept.age", first],
  ["--home AT/below/again backup restore AT/kept.age --yes", first],
  ["secret store passphrase", first],
  ["encrypt", first],
  ["rekey", first + second],
  ["lock"],
  ["unlock", second],
];

test.skipIf(!canTrace && !process.env.CI)(
  "R-9 what a command says is done is synced by then: bytes, names, and the names of the folders that lead to them",
  () => {
    using place = makePlace();
    const at = place.folder;
    const trace = `${at}.trace`;
    const wrong: string[] = [];
    for (const [args, input = ""] of commands) {
      const before = fs.readdirSync(at, { recursive: true, encoding: "utf8" }).map((name) => path.join(at, name));
      const given = args.replaceAll("AT", at).split(" ");
      // As on another machine.
      const home = args.includes("restore") ? path.join(at, "elsewhere") : at;
      const under = [...counting(trace), process.execPath, built, "--home", path.join(at, "home"), ...given];
      const { status, stderr } = spawnSync(under[0] as string, under.slice(1), {
        env: {
          HOME: home,
          PATH: process.env.PATH ?? "",
          USER: "ada",
          NO_COLOR: "1",
          NODE_COMPILE_CACHE: `${at}.compiled`,
        },
        ...{ input, encoding: "utf8" },
      });
      expect([args, status, stderr]).toEqual([args, 0, expect.anything()]);
      const left = unsynced(readTrace(trace), at, before).filter((each) => !isMadeAnew(each));
      wrong.push(...left.map((each) => `${args}: ${each}`));
    }
    for (const left of [trace, `${at}.compiled`]) fs.rmSync(left, { recursive: true, force: true });
    expect(wrong).toEqual([]);
  },
);
