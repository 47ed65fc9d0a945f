import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { SecretStoreKind } from "@mh/contract/values/secret-store.ts";
import { newSecretMemory, Vault } from "@mh/host/secrets/vault.ts";
import { expect, test } from "vitest";
import { filesWith } from "../find-bytes.ts";

const passphrase = "correct horse battery staple";
const secrets = { one: "the value of one", two: "the value of two", three: "the value of three" };

function vaultIn(folder: string): Vault {
  return new Vault({
    ...{ keyFolder: folder, homeId: "home", environment: {}, memory: newSecretMemory() },
    settings: () => ({ store: fs.readFileSync(path.join(folder, "store"), "utf8") as SecretStoreKind }),
  });
}

/** What whoever opens the home next can read. */
async function readable(folder: string): Promise<Record<string, string>> {
  const vault = vaultIn(folder);
  if ((await vault.state()).locked !== null) await vault.unlock(passphrase);
  const names = await vault.names();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await vault.read(name)] as const)));
}

async function folderIn(store: SecretStoreKind): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-move-"));
  fs.writeFileSync(path.join(folder, "store"), store);
  const vault = vaultIn(folder);
  if (store === "passphrase") await vault.move(store, passphrase, async () => undefined);
  for (const [name, value] of Object.entries(secrets)) await vault.write(name, value);
  return folder;
}

function move(folder: string, to: SecretStoreKind, killAt: number): NodeJS.Signals | null {
  const child = path.join(import.meta.dirname, "secret-move-child.ts");
  const { signal, status, stderr } = spawnSync(process.execPath, [child, folder, to, passphrase, String(killAt)], {
    encoding: "utf8",
  });
  expect([killAt, status ?? 0, status === 0 || signal ? "" : stderr]).toEqual([killAt, 0, ""]);
  return signal;
}

test.each([
  ["keyfile", "passphrase"],
  ["passphrase", "keyfile"],
] as const)(
  "from %s to %s, no step at which the move is killed loses a secret, and another move ends it",
  async (from, to) => {
    const before = await folderIn(from);
    for (let step = 1; ; step += 1) {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-move-"));
      fs.cpSync(before, folder, { recursive: true });
      const signal = move(folder, to, step);
      expect([step, await readable(folder)]).toEqual([step, secrets]);
      if (signal === "SIGKILL") expect([step, move(folder, to, 0)]).toEqual([step, null]);
      expect([step, await readable(folder)]).toEqual([step, secrets]);
      expect(fs.readFileSync(path.join(folder, "store"), "utf8")).toBe(to);
      const plain = Object.values(secrets).flatMap((value) => filesWith(folder, value));
      expect([step, plain.length]).toEqual([step, to === "keyfile" ? 3 : 0]);
      expect([step, fs.existsSync(path.join(folder, "sealed"))]).toEqual([step, to === "passphrase"]);
      fs.rmSync(folder, { recursive: true });
      if (signal !== null) continue;
      expect(step).toBeGreaterThan(10);
      break;
    }
    fs.rmSync(before, { recursive: true });
  },
);
