import { expect, test } from "vitest";
import { programPath, refusedWords } from "./shell-words.ts";

const refused = [
  // What only a shell would take apart.
  ["echo x | node"],
  ["echo", "x", "|", "node"],
  ["echo", "$(id)"],
  ["echo", "`id`"],
  ["echo", "$\u007bHOME}"],
  ["cat", "<<EOF\nhello\nEOF"],
  ["cat", "<<<", "x"],
  ["ls", ";", "id"],
  ["ls", "&&", "id"],
  ["ls", "||", "id"],
  ["ls", "&"],
  ["ls", ">", "/tmp/x"],
  ["ls", "2>&1"],
  ["ls", ">>", "x"],
  ["cat", "<", "x"],
  // What is no program.
  [],
  [""],
  ["FOO=bar", "ls"],
  ["-ls"],
  ["./ls"],
  ["bin/ls"],
  ["../ls"],
  ["~/ls"],
  ["/usr/bin/../../home/ada/evil"],
  ["/home/ada/evil"],
  ["/tmp/evil"],
  ["/usr/bin/sub/ls"],
  ["/usr/bin/"],
  ["//usr/bin/ls"],
  ["ls "],
  ["ls\n"],
  ["l\u0455"],
  // Code for an interpreter, and settings that change what git runs.
  ["sh", "-c", "id"],
  ["bash", "-lc", "id"],
  ["/bin/sh", "-c", "id"],
  ["/usr/bin/SH", "-c", "id"],
  ["sh"],
  ["dash", "-x", "-c", "id"],
  ["bash", "--rcfile", "x"],
  ["node", "-e", "1"],
  ["node", "--import", "data:text/javascript,1"],
  ["node22", "-e", "1"],
  ["nodejs", "-pe", "1"],
  ["python3.11", "-Ic", "1"],
  ["python3", "-m", "timeit", "1"],
  ["python3"],
  ["perl5.36", "-E", "1"],
  ["deno", "eval", "1"],
  ["git", "-c", "core.fsmonitor=id", "status"],
  ["git", "-C", "x", "-c", "alias.x=!id", "x"],
  ["git", "-calias.x=!id", "x"],
];

test.for(refused)("H18 %j is refused at parse", (argv) => {
  expect(refusedWords(argv)).toBeTypeOf("string");
});

const plain = [
  ["ls", "-la"],
  ["/usr/bin/git", "status"],
  ["git", "switch", "-c", "new"],
  ["git", "commit", "-m", "a | b; c && d"],
  ["git", "-C", "x", "log"],
  ["grep", "a|b", "x"],
  ["find", ".", "-name", "*.md"],
  ["tar", "-xzf", "x.tgz"],
  ["node", "tool.js", "-e"],
  ["python3", "--version"],
  ["bash", "build.sh"],
  ["bash", "--version"],
  ["constructor"],
];

test.for(plain)("H18 %j is a program and its arguments", (argv) => {
  expect(refusedWords(argv)).toBeUndefined();
});

test("H18 a program has one path, by which grants know it", () => {
  expect(["git", "/usr/bin/git", "/bin/git", "/sbin/ip", "/usr/local/bin/x"].map(programPath)).toEqual([
    ...["/usr/bin/git", "/usr/bin/git", "/usr/bin/git", "/usr/sbin/ip", "/usr/local/bin/x"],
  ]);
});
