import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeMh } from "./mh.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-completion-"));
const script = (shell: string): string => path.join(folder, `mh.${shell}`);

beforeAll(() => {
  using mh = makeMh();
  for (const shell of ["bash", "zsh", "fish"]) fs.writeFileSync(script(shell), mh.run(["completion", shell]).out);
  fs.writeFileSync(path.join(folder, "my notes.md"), "");
  fs.writeFileSync(path.join(folder, "mbox"), "");
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** What a shell offers behind these words; the last one is begun only. */
type Complete = (...words: string[]) => string[];

const shells: Record<string, Complete> = {
  bash: (...words) => {
    const line = `compopt() { :; }; source ${script("bash")}; COMP_WORDS=(mh ${quoted(words)}); COMP_CWORD=${words.length}; _mh
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf("bash", ["--norc", "-c", line]);
  },
  // The widgets that offer words are stubs: they exist only while somebody types.
  zsh: (...words) => {
    const line = `compdef() { :; }; _files() { print -l -- *(N); }
      compadd() { shift; print -l -- $@; }; _describe() { print -l -- \${\${(P)2}%%:*}; }
      source ${script("zsh")}; words=(mh ${quoted(words)}); CURRENT=${words.length + 1}; _mh`;
    const begun = words.at(-1) ?? "";
    return linesOf("zsh", ["-f", "-c", line]).filter((word) => word.startsWith(begun));
  },
  fish: (...words) => {
    const line = `source ${script("fish")}; complete -C ${quoted([`mh ${words.join(" ")}`])}`;
    const offered = linesOf("fish", ["--no-config", "-c", line]);
    return offered.map((each) => (each.split("\t")[0] ?? "").replaceAll("\\", ""));
  },
};

/** Everything is there in CI (.ci/run); elsewhere what is missing is passed over. */
const isMissing = (program: string): boolean =>
  !process.env.CI && spawnSync(program, ["--version"]).error !== undefined;

describe.each(Object.entries(shells).filter(([shell]) => !isMissing(shell)))("%s", (_shell, complete) => {
  test("completes commands, and subcommands after options", () => {
    expect(complete("cap")).toEqual(["capture"]);
    expect(complete("approvals", "")).toEqual(expect.arrayContaining(["list", "show", "approve", "deny"]));
    expect(complete("--home", "/tmp", "memory", "fo")).toEqual(["forget"]);
    expect(complete("--json", "audit", "ver")).toEqual(["verify"]);
  });

  test("completes the options of the command at hand, and the global ones", () => {
    expect(complete("memory", "list", "--ab")).toEqual(["--about"]);
    expect(complete("memory", "list", "--js")).toEqual(["--json"]);
    expect(complete("memory", "show", "--ab")).toEqual([]);
  });

  test("completes choices: formats, trust levels, skills, topics", () => {
    expect(complete("import", "--format", "ndj")).toEqual(["ndjson"]);
    expect(complete("trust", "agent:a", "sup")).toEqual(["supervised_auto"]);
    expect(complete("grant", "give", "agent:a", "memory.cap")).toEqual(["memory.capture"]);
    expect(complete("help", "exit")).toEqual(["exit-codes"]);
    expect(complete("completion", "fi")).toEqual(["fish"]);
  });

  test("completes file names where a path is meant", () => {
    expect(complete("import", "my")).toEqual(["my notes.md"]);
    expect(complete("audit", "verify", "--witness", "mb")).toEqual(["mbox"]);
    expect(complete("capture", "mb")).toEqual([]);
  });
});

test.skipIf(isMissing("mandoc"))("the manual page reads well", () => {
  using mh = makeMh();
  const { out } = mh.run(["help", "--man"]);
  const lint = spawnSync("mandoc", ["-Tlint", "-Werror"], { input: out, encoding: "utf8" });
  expect([lint.status, lint.stdout]).toEqual([0, ""]);
  expect(out).toContain(".B mh memory list");
});

function linesOf(shell: string, args: readonly string[]): string[] {
  const { stdout, stderr } = spawnSync(shell, args, {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: folder },
  });
  if (stderr) throw new Error(`${shell}: ${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(" ");
