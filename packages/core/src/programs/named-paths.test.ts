import { expect, test } from "vitest";
import { namedMax, namedPaths } from "./named-paths.ts";

const folder = "/srv/p";
const pathsIn = (...argv: string[]) => namedPaths(argv, folder).map(({ path }) => path);

test.for([
  ...["x", "./x", "sub/../x", "x//", "//srv/p/x", "/srv/p/x", "x ", " x", "x\n"],
  ...["--file=x", "--a=b=x", "-fx", "-xzvfx", "-I=x", "-d@x", "@x", "@@x", "k=@x", "--data=@x;type=text", "<x", "+x"],
  ...["a:x", "a,x", "a;x", "a|x", "a x", "a\tx", "--cfg x", "KEY=x", "=x", "[x]", "(x)", "'x'", '"x"', "%x"],
  ...['{"path":"x"}', '["a","x"]', "--opt={a:x}", "x?v=1", "x#part", "a@x"],
  ...["file:x", "file:///srv/p/x", "file://localhost/srv/p/x", "%2Fsrv/p/x", "file:///srv/p/%78", "a/srv/p/x"],
])("S13 %j names the file x", (word) => {
  expect(pathsIn("/usr/bin/prog", word)).toContain("/srv/p/x");
});

test.for([["env"], ["nice", "-n", "5"], ["timeout", "5"], ["env", "KEY=value"], ["/usr/bin/xargs"]])(
  "S13 what a program reads unasked is held where %j runs it, too",
  (before) => {
    expect(pathsIn(...before, "make")).toContain("/srv/p/Makefile");
    expect(pathsIn(...before, "/usr/bin/npm", "test")).toContain("/srv/p/package.json");
  },
);

test("S13 a folder has nothing of what lies elsewhere, and a word of a million signs names few places", () => {
  expect(
    pathsIn("/usr/bin/prog", "../x", "/etc/passwd", "/srv/px").filter((path) => !path.startsWith("/srv/p/")),
  ).toEqual([]);
  const many = Array.from({ length: 100_000 }, (_each, n) => n).join(",");
  expect(pathsIn("/usr/bin/prog", many).length).toBe(namedMax);
  expect(pathsIn("/usr/bin/git", "commit", "-m", "Fix it . Then / stop ..")).not.toContain("/srv/p");
});
