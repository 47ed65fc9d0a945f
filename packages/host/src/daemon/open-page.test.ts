import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openInBrowser } from "./open-page.ts";

const page = "http://127.0.0.1:7717/#code=abc";

/** A desktop whose program for opening things is this script. */
function desktop(script: string) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-open-"));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(path.join(folder, "xdg-open"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const seen = path.join(folder, "seen");
  return { environment: { PATH: folder, DISPLAY: ":0", HOME: folder, MH_HOME: "/elsewhere" }, seen };
}

test("where there is no browser to open it with, the next step is told", async () => {
  const next = /`mh open --print` shows its address/;
  await expect(openInBrowser(page, { PATH: "/nowhere", DISPLAY: ":0" }, "linux")).rejects.toThrow(
    /xdg-open is not installed here/,
  );
  const { environment } = desktop("exit 4");
  await expect(openInBrowser(page, { ...environment, DISPLAY: undefined }, "linux")).rejects.toThrow(next);
  await expect(openInBrowser(page, environment, "linux")).rejects.toThrow(/xdg-open failed \(code 4\)/);
});

test("the browser gets the address, and of the environment only what a desktop needs", async () => {
  const { environment, seen } = desktop('echo "$# $1 [$MH_HOME]" > "$HOME/seen"');
  await openInBrowser(page, environment, "linux");
  expect(fs.readFileSync(seen, "utf8")).toBe(`1 ${page} []\n`);
});
