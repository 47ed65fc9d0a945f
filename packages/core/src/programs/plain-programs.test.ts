import { expect, test } from "vitest";
import { isPlainCommand, notGrantable } from "./plain-programs.ts";

const mayRunOthers = [
  // By nature, or by default: what nobody has looked at.
  ...["bash", "node", "python3", "perl", "awk", "sed", "find", "xargs", "env", "git", "tar", "rsync", "ssh", "make"],
  ...[
    "vi",
    "vim",
    "less",
    "more",
    "man",
    "busybox",
    "timeout",
    "nice",
    "npm",
    "cargo",
    "zip",
    "unzip",
    "file",
    "split",
  ],
  ...[
    "egrep",
    "zcat",
    "tee",
    "cp",
    "mv",
    "rm",
    "dd",
    "install",
    "mh-no-such-program",
    "constructor",
    "CAT",
    "toString",
  ],
].map((name) => [name, "x"]);

const byOptions = [
  ["sort", "-o", "x", "y"],
  ["sort", "-ox", "y"],
  ["sort", "-rno", "x", "y"],
  ["sort", "--output=x", "y"],
  ["sort", "--out", "x"],
  ["sort", "--o=x"],
  ["sort", "y", "-o", "x"],
  ["sort", "--compress-program=sh"],
  ["sort", "--compress-prog", "sh"],
  ["sort", "--comp=sh"],
  ["sort", "-T", "/x"],
  ["sort", "-S1", "x"],
  ["uniq", "a", "b"],
  ["diff", "-l", "a", "b"],
  ["diff", "-ul", "a", "b"],
  ["diff", "--pag", "a", "b"],
  ["diff", "--paginate", "a", "b"],
  ["rg", "--pre", "x", "y"],
  ["rg", "--pre=x", "y"],
  ["rg", "-z", "y"],
  ["rg", "-nz", "y"],
  ["date", "-s", "x"],
  ["date", "--se=x"],
  ["date", "010112002030"],
  ["date", "-u", "010112002030"],
  ["date", "-f", "x"],
  ["sort", "--", "-o"],
  ["uniq", "-", "x"],
  ["rg", "--hostname-bin=x", "y"],
  ["rg", "--search-zip", "y"],
  ["/usr/local/bin/cat", "x"],
  ["/usr/sbin/cat", "x"],
  ["/opt/bin/cat", "x"],
];

test.for([...mayRunOthers, ...byOptions])("S18 %j may run other programs, or write", (argv) => {
  expect(isPlainCommand(argv)).toBe(false);
});

const plain = [
  ["cat", "x"],
  ["/bin/cat", "-n", "x"],
  ["ls", "-la", "--color=never", "x"],
  ["wc", "-l", "a", "b"],
  ["head", "-n", "5", "x"],
  ["grep", "-rn", "--include=*.md", "word", "."],
  ["sort", "-rn", "-k2,2", "x"],
  ["diff", "-u", "a", "b"],
  ["uniq", "-c", "a"],
  ["date", "+%s"],
];

test.for(plain)("S18 %j only reads", (argv) => {
  expect(isPlainCommand(argv)).toBe(true);
});

test("S18 a grant for a program that may run others would never apply, and says so", () => {
  expect(notGrantable({ paths: ["/usr/bin/find", "/srv"] })).toContain("/usr/bin/find may run other programs");
  expect(notGrantable({ paths: ["/usr/bin/cat", "/srv/bin/find"] })).toBeUndefined();
});
