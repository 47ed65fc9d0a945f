// What a command loads is half of what it costs: a feature is there for all commands, and its work comes in when it is used.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, expect, test } from "vitest";

const checkout = path.join(import.meta.dirname, "..", "..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-start-up-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Runs `mh` from its sources, in a process of its own. Returns what it loaded: paths in the checkout, and other modules. */
function modulesOf(...args: string[]): string[] {
  const list = path.join(folder, "modules");
  fs.rmSync(list, { force: true });
  const noting = ["--import", path.join(checkout, "tests", "support", "note-modules.ts")];
  const entry = path.join(checkout, "packages", "cli", "src", "mh.ts");
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--conditions=mh-source", ...noting, entry, "--home", path.join(folder, "home"), ...args],
    { env: { PATH: process.env.PATH, HOME: folder, MH_TEST_MODULES: list }, encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  const lines = fs.readFileSync(list, "utf8").trim().split("\n");
  return lines.map((line) => line.replace(/^file:\/\/.*?\/(?=packages\/|node_modules\/)/, ""));
}

const librariesIn = (modules: readonly string[]): string[] => {
  const names = modules.flatMap((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? []);
  return [...new Set(names)].sort();
};

/** The work behind features that a capture has no part in. The features themselves it must know: they have skills to judge. */
const others = [
  ...[
    "core/src/chat/answer.ts",
    "core/src/extensions/registry/registry.ts",
    "core/src/extensions/registry/server-json.ts",
  ],
  ...["core/src/extensions/clients/", "core/src/memory/import/mail.ts", "core/src/memory/import/vcard.ts"],
  ...[
    "host/src/serve/http/",
    "host/src/serve/mcp/",
    "host/src/extensions/opened-mcp.ts",
    "host/src/extensions/mcp-pool.ts",
  ],
  ...["host/src/adapters/caldav.ts", "host/src/adapters/node-mail.ts", "host/src/adapters/node-http.ts"],
  ...["host/src/models/ai-sdk.ts", "host/src/models/ollama.ts"],
];

test("a capture that opens the home itself loads the libraries that it needs, and no other feature's work", () => {
  const modules = modulesOf("capture", "the lighthouse is white", "--quiet");
  expect(modules).toContain("packages/core/src/memory/skills/capture.ts");
  // A name that nothing has any more would keep nothing out.
  for (const each of others) expect(fs.existsSync(path.join(checkout, "packages", each)), each).toBe(true);
  expect(modules.filter((name) => others.some((each) => name.startsWith(`packages/${each}`)))).toEqual([]);
  expect(librariesIn(modules)).toEqual([
    ...[
      "@cedar-policy/cedar-wasm",
      "@commander-js/extra-typings",
      "better-sqlite3",
      "canonicalize",
      "commander",
      "diff",
    ],
    ...["fast-string-truncated-width", "fast-string-width", "fast-wrap-ansi", "node-cron", "uuid", "yaml", "zod"],
  ]);
});

test("help and status load no library", () => {
  for (const args of [["status"], ["--help"]]) {
    const modules = modulesOf(...args);
    expect(modules).toContain("packages/cli/src/quick.ts");
    expect(librariesIn(modules)).toEqual([]);
  }
});

test("R-17 a daemon reads no compiled code, which Node would keep for as long as it lives; other commands do", () => {
  const root = path.join(folder, "installed");
  for (const each of ["bin", ".node/bin", "dist"]) fs.mkdirSync(path.join(root, each), { recursive: true });
  fs.copyFileSync(path.join(checkout, "bin", "mh"), path.join(root, "bin", "mh"));
  fs.writeFileSync(path.join(root, ".node/bin/node"), '#!/bin/sh\necho "compiled: $NODE_COMPILE_CACHE"\n', {
    mode: 0o755,
  });
  fs.writeFileSync(path.join(root, "dist", ".stamp"), "");
  const compiledFor = (...args: string[]) => {
    const env = { PATH: process.env.PATH };
    return spawnSync("sh", [path.join(root, "bin", "mh"), ...args], { env, encoding: "utf8" }).stdout.trim();
  };
  expect(compiledFor("--home", folder, "daemon", "run")).toBe("compiled:");
  expect(compiledFor("--home", folder, "daemon", "status")).toMatch(/^compiled: .*compile-cache$/);
});
