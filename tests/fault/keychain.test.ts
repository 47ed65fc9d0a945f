import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, expect, inject, test } from "vitest";
import { endpoint } from "../endpoint.ts";
import { filesWith } from "../find-bytes.ts";
import { hasKeyring, startKeyring } from "../support/keyring.ts";
import { type Mh, makeMh, mhWithHome } from "./mh.ts";

const skipped = !hasKeyring && process.env.CI !== "true";
if (skipped) process.emitWarning("No keychain is tested: install gnome-keyring and dbus-daemon.");
const keychainTest = test.skipIf(skipped);

const passphrase = "correct horse battery staple";
const token = "tk_a-token-that-nobody-guesses";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});
function newFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-keyring-"));
  folders.push(folder);
  return folder;
}

/** The same home and keys, in another session. */
const inSession = (mh: Mh, environment: Record<string, string>): Mh => {
  const other = makeMh(mh.root, { HOME: mh.config, ...environment });
  folders.push(path.dirname(other.config));
  return other;
};

const keep = (mh: Mh, name: string, value: string) =>
  mh.run(["secret", "set", name, "--json"], { input: `${value}\n` });
const everywhere = (mh: Mh, text: string) => [mh.root, mh.config].flatMap((folder) => filesWith(folder, text));
const doctor = (mh: Mh) =>
  (JSON.parse(mh.run(["doctor", "--json"]).out).findings as { what: string; level: string; message: string }[]).filter(
    ({ what }) => what === "secrets",
  );

/** What a process of the owner's reads. */
function values(mh: Mh, environment: Record<string, string> = {}): Record<string, string> {
  const child = path.join(import.meta.dirname, "secrets-child.ts");
  const { PATH, NODE_OPTIONS } = process.env;
  const env = { PATH, NODE_OPTIONS, HOME: mh.config, ...environment };
  const { stdout, stderr } = spawnSync(process.execPath, ["--conditions=mh-source", child, mh.root, passphrase], {
    env,
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

keychainTest("without a keychain nothing is kept in plain text by itself, and the choice is explained", () => {
  using mh = mhWithHome();
  const { code, out, err } = keep(mh, "ntfy", token);
  expect([code, out]).toEqual([1, expect.stringContaining('"code":"secret.no-store"')]);
  expect(err).toMatch(/no desktop session.*mh secret store passphrase.*mh secret store keyfile/s);
  expect(everywhere(mh, token)).toEqual([]);
  const moved = mh.run(["secret", "store", "keychain"]);
  expect([moved.code, moved.err]).toEqual([1, expect.stringContaining("Nothing was moved")]);
  expect(mh.run(["secret", "store", "attic"]).code).toBe(2);
  fs.appendFileSync(path.join(mh.root, "config.yaml"), "secrets:\n  store: keychain\n");
  expect(keep(mh, "ntfy", token).code).toBe(6);
  expect(everywhere(mh, token)).toEqual([]);
  expect(doctor(mh)).toMatchObject([{ level: "bad", message: expect.stringContaining("no keychain") }]);
});

keychainTest(
  "the first secret goes into a keychain that works, is used from there, and is in no file of mh's",
  async () => {
    const keys = newFolder();
    await using server = await endpoint();
    using mh = mhWithHome();
    const settings = path.join(mh.root, "config.yaml");
    fs.appendFileSync(settings, `notify:\n  ntfy: { url: "${server.url}", topic: ada, secret: ntfy }\n`);
    expect(mh.run(["review", "--adopt"]).code).toBe(0);
    {
      await using keyring = await startKeyring(keys);
      const there = inSession(mh, keyring.environment);
      expect(keep(there, "ntfy", token)).toMatchObject({ code: 0, out: '{"name":"ntfy","store":"keychain"}\n' });
      expect(fs.readFileSync(settings, "utf8")).toMatch(/secrets:\s+store: keychain/);
      expect((await there.start(["notify", "Hi"])).code).toBe(0);
      expect(server.received.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`]);
      expect([...everywhere(mh, token), ...filesWith(keys, token)]).toEqual([]);
      expect(doctor(there)).toMatchObject([{ level: "ok", message: expect.stringContaining("1 in this machine's") }]);
      const exposed = there.run(["capture", `The token is ${token}`]);
      expect([exposed.code, exposed.err]).toEqual([1, expect.stringContaining("the secret ntfy stands in")]);
      expect(everywhere(mh, token)).toEqual([]);
    }
    {
      await using keyring = await startKeyring(keys, { locked: true });
      const there = inSession(mh, keyring.environment);
      const locked = await there.start(["notify", "Hi"]);
      expect(locked.err).toMatch(/keychain is locked.*`mh secret unlock`/s);
      expect(keep(there, "other", "another-value").code).toBe(6);
      expect(JSON.parse(there.run(["secret", "list", "--json"]).out)).toMatchObject({ names: null, store: "keychain" });
      expect(there.run(["secret", "unlock"]).code).toBe(6);
      expect(there.run(["capture", "Locked secrets stop nothing else"]).code).toBe(0);
      expect(doctor(there)).toMatchObject([{ level: "bad", message: expect.stringContaining("locked") }]);
    }
    const nowhere = await mh.start(["notify", "Hi"]);
    expect(nowhere.err).toMatch(/no desktop session/);
    await using keyring = await startKeyring(keys);
    const again = inSession(mh, keyring.environment);
    expect((await again.start(["notify", "Hi"])).code).toBe(0);
    expect(server.received).toHaveLength(2);
    expect(again.run(["secret", "rm", "ntfy"]).code).toBe(0);
    expect(JSON.parse(again.run(["secret", "list", "--json"]).out).names).toEqual([]);
  },
);

keychainTest(
  "H21 the keychain opens an encrypted home whose key it was given; a locked, absent or wrong one opens nothing",
  async () => {
    const keys = newFolder();
    using mh = makeMh();
    expect(mh.run(["init", "--yes", "--encrypt"], { input: `${passphrase}\n` }).code).toBe(0);
    expect(mh.run(["capture", "Sarah hides the quokka in Zanzibar"]).code).toBe(0);
    const dataKey = fs.readFileSync(JSON.parse(mh.run(["unlock", "--json"]).out).key, "utf8").trim();
    expect(mh.run(["lock"]).code).toBe(0);
    const asked = (there: Mh, ...args: string[]) => {
      const { code, err } = there.run(["unlock", ...args]);
      return [code, err];
    };
    {
      await using keyring = await startKeyring(keys);
      const there = inSession(mh, keyring.environment);
      expect(asked(there, "--keychain")).toEqual([6, expect.stringContaining("unlock --remember")]);
      expect(there.run(["unlock", "--remember"], { input: `${passphrase}\n` }).code).toBe(0);
      expect(there.run(["lock"]).code).toBe(0);
      expect(there.run(["search", "quokka"]).code).toBe(6);
      expect(asked(there, "--keychain")[0]).toBe(0);
      expect(there.run(["search", "quokka"]).out).toContain("Zanzibar");
      // It is no secret of the home's, and stays the key under another passphrase.
      expect(JSON.parse(there.run(["secret", "list", "--json"]).out).names).toEqual([]);
      expect(there.run(["rekey"], { input: `${passphrase}\nanother passphrase\n` }).code).toBe(0);
      expect(there.run(["lock"]).code).toBe(0);
      expect(everywhere(mh, dataKey)).toEqual([]);
      expect(filesWith(keys, dataKey)).toEqual([]);
      expect(asked(there, "--keychain")[0]).toBe(0);
      expect(there.run(["lock"]).code).toBe(0);
    }
    {
      await using keyring = await startKeyring(keys, { locked: true });
      const there = inSession(mh, keyring.environment);
      expect(asked(there, "--keychain")).toEqual([6, expect.stringContaining("the keychain is locked")]);
    }
    expect(asked(mh, "--keychain")).toEqual([6, expect.stringContaining("no desktop session")]);
    expect(mh.run(["search", "quokka"]).code).toBe(6);
    await using keyring = await startKeyring(keys);
    const there = inSession(mh, keyring.environment);
    // The key of another home under the name of this one.
    const id = path.basename(path.dirname(filesWith(mh.config, "scrypt")[0] ?? ""));
    const entry = `import("@napi-rs/keyring").then(({ AsyncEntry }) => new AsyncEntry("mh/${id}/home-key", "home-key",
    { linux: { store: "secret-service" } }).setPassword(${JSON.stringify(Buffer.alloc(32, 7).toString("base64"))}))`;
    const { PATH } = process.env;
    const cwd = path.join(import.meta.dirname, "../../packages/host");
    const env = { PATH, HOME: mh.config, ...keyring.environment };
    expect(spawnSync(process.execPath, ["-e", entry], { cwd, env, encoding: "utf8" })).toMatchObject({ status: 0 });
    expect(asked(there, "--keychain")).toEqual([6, expect.stringContaining("another one")]);
    expect(there.run(["unlock", "--forget"]).code).toBe(0);
    expect(asked(there, "--keychain")).toEqual([6, expect.stringContaining("is not in the keychain")]);
    expect(there.run(["unlock"], { input: "another passphrase\n" }).code).toBe(0);
    expect(there.run(["search", "quokka"]).out).toContain("Zanzibar");
  },
);

keychainTest("a keychain that hangs ends a command with its reason, and not never", async () => {
  await using keyring = await startKeyring(newFolder());
  using mh = mhWithHome(keyring.environment);
  expect(keep(mh, "ntfy", token).code).toBe(0);
  const pid = keyringOf(keyring.environment.DBUS_SESSION_BUS_ADDRESS);
  process.kill(pid, "SIGSTOP");
  try {
    const { code, err } = keep(mh, "ntfy", "another-value");
    expect([code, err]).toEqual([6, expect.stringContaining("does not answer")]);
  } finally {
    process.kill(pid, "SIGCONT");
  }
});

keychainTest("every secret comes along from store to store, and kill -9 in the middle loses none", async () => {
  await using keyring = await startKeyring(newFolder());
  using mh = mhWithHome(keyring.environment);
  expect(mh.run(["secret", "store", "keyfile"]).code).toBe(0);
  const file = path.join(newFolder(), "passphrase");
  fs.writeFileSync(file, passphrase, { mode: 0o600 });
  expect(mh.run(["config", "set", "secrets.passphraseFile", file]).code).toBe(0);
  const secrets: Record<string, string> = {};
  for (let index = 0; index < 8; index += 1) {
    secrets[`secret-${index}`] = `value number ${index} of ö "eight"`;
    expect(keep(mh, `secret-${index}`, secrets[`secret-${index}`] ?? "").code).toBe(0);
  }
  let random = inject("seed");
  const next = (below: number) => {
    random = (random * 48_271 + 11) % 2_147_483_647;
    return random % below;
  };
  const places = ["keychain", "passphrase", "keyfile"] as const;
  // As long as a move takes here and now is the time in which it is killed.
  let wholeMs = 0;
  for (let [round, killed] = [0, 0]; killed < 5; round += 1) {
    const to = places[round % 3] ?? "keyfile";
    const begun = performance.now();
    const code = await storedIn(mh, keyring.environment, to, wholeMs > 0 ? next(wholeMs) : undefined);
    if (code === null) killed += 1;
    else wholeMs = Math.ceil(performance.now() - begun);
    expect([round, to, values(mh, keyring.environment)]).toEqual([round, to, secrets]);
  }
  for (const to of places) {
    expect([to, await storedIn(mh, keyring.environment, to)]).toEqual([to, 0]);
    expect([to, values(mh, keyring.environment)]).toEqual([to, secrets]);
    const found = Object.values(secrets).flatMap((value) => everywhere(mh, value));
    expect([to, found.length]).toEqual([to, to === "keyfile" ? 8 : 0]);
    expect([to, doctor(mh)]).toMatchObject([to, [{ level: "ok" }]]);
  }
  expect(mh.run(["audit", "verify"]).code).toBe(0);
});

/** `mh secret store`, ended by force after so long, where it is said; null where that came before its end. */
function storedIn(
  mh: Mh,
  environment: Record<string, string>,
  to: string,
  killAfterMs?: number,
): Promise<number | null> {
  const dist = path.join(import.meta.dirname, "..", "..", "dist", "mh.js");
  const child = spawn(process.execPath, [dist, "--home", mh.root, "secret", "store", to], {
    env: { PATH: process.env.PATH, HOME: mh.config, ...environment },
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(`${passphrase}\n`);
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  return new Promise((resolve) =>
    child.once("exit", (code) => {
      clearTimeout(timer);
      resolve(code);
    }),
  );
}

/** The keyring's process, by the session that it belongs to. */
function keyringOf(address: string): number {
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      const name = fs.readFileSync(`/proc/${pid}/comm`, "utf8");
      return name.startsWith("gnome-keyring") && fs.readFileSync(`/proc/${pid}/environ`, "utf8").includes(address);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error("No keyring belongs to this session.");
  return Number(found);
}
