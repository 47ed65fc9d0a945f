import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lockfileFaults } from "../../tools/lockfile.ts";

/** What is wrong with a lockfile that pins these packages below a project that asks for `a`. */
async function faultsOf(packages: Record<string, object>): Promise<string[]> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-lockfile-"));
  onTestFinished(() => fs.rmSync(root, { recursive: true }));
  const manifest = { dependencies: { a: "1.0.0" } };
  fs.writeFileSync(path.join(root, "package.json"), JSON.stringify(manifest));
  fs.writeFileSync(path.join(root, "package-lock.json"), JSON.stringify({ packages: { "": manifest, ...packages } }));
  return lockfileFaults(root);
}

const bundled = "node_modules/a/node_modules/@x/b";
const deeper = `${bundled}/node_modules/c`;

test("the lockfile pins a checksum for each package; what comes inside of one has that one's", async () => {
  const a = { version: "1.0.0", integrity: "sha512-a" };
  const inside = { [bundled]: { inBundle: true }, [deeper]: { inBundle: true } };
  expect(await faultsOf({ "node_modules/a": a, ...inside })).toEqual([]);
  expect(await faultsOf({ "node_modules/a": a, [bundled]: {}, [deeper]: { inBundle: true } })).toEqual([
    `package-lock.json has no checksum for ${bundled}.`,
    `package-lock.json has no checksum for ${deeper}.`,
  ]);
  expect(await faultsOf({ "node_modules/a": {}, "node_modules/b": { inBundle: true } })).toEqual([
    "package-lock.json has no checksum for node_modules/a.",
    "package-lock.json has no checksum for node_modules/b.",
  ]);
});

test("a manifest that asks for something else than the lockfile is a fault", async () => {
  const faults = await faultsOf({ "": { dependencies: { a: "1.0.1" } } });
  expect(faults).toEqual(["package.json and package-lock.json disagree on dependencies. Run `npm install`."]);
});
