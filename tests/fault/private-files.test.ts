// What lies beside the keys of a home is written whole or not at all, and what is said of it is what is there.
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { canTrace } from "../support/sweep/strace.ts";
import { type Mh, makeMh, mhWithHome } from "./mh.ts";

const [before, after] = ["correct horse battery", "another horse staple"];

const keysOf = (mh: Mh): string => {
  const folder = path.join(mh.config, ".config", "mh");
  const [id = ""] = fs.readdirSync(folder);
  return path.join(folder, id);
};

/** A new name that its folder's disk does not take for good. */
const unsynced = (folder: string): readonly string[] => [
  ...["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-P", folder],
  ...["-e", "trace=fsync", "-e", "inject=fsync:error=EIO"],
];

test.skipIf(!canTrace && !process.env.CI)(
  "R-2 where only the folder could not be synced, a secret is set or removed and whether for good is not known",
  () => {
    using mh = mhWithHome();
    const secrets = path.join(keysOf(mh), "secrets");
    expect(mh.run(["secret", "store", "keyfile"]).code).toBe(0);
    expect(mh.run(["secret", "set", "first"], { input: "one\n" }).code).toBe(0);
    const set = mh.run(["secret", "set", "mail"], { input: "two\n", under: unsynced(secrets) });
    expect(set).toMatchObject({
      code: 130,
      err: expect.stringMatching(/mail is written, and whether .* is not known/),
    });
    expect(mh.run(["secret", "list"]).out).toContain("mail");
    const removed = mh.run(["secret", "rm", "mail"], { under: unsynced(secrets) });
    expect(removed).toMatchObject({
      code: 130,
      err: expect.stringMatching(/mail is removed, and whether .* not known/),
    });
    expect(mh.run(["secret", "list"]).out).not.toContain("mail");
    expect(mh.run(["doctor"]).code).toBe(0);
  },
);

test.skipIf(!canTrace && !process.env.CI)(
  "R-2 where only the folder could not be synced, a home has its new passphrase and is locked, and says so",
  () => {
    using mh = makeMh();
    expect(mh.run(["init", "--yes", "--encrypt"], { input: `${before}\n` }).code).toBe(0);
    const keys = keysOf(mh);
    const rekeyed = mh.run(["rekey"], { input: `${before}\n${after}\n`, under: unsynced(keys) });
    expect(rekeyed).toMatchObject({ code: 130, err: expect.stringMatching(/home-key.json is written, .* not known/) });
    expect(mh.run(["lock"], { under: unsynced(keys) })).toMatchObject({
      code: 130,
      err: expect.stringMatching(/unlocked.key is removed, .* not known/),
    });
    expect(mh.run(["task", "list"]).code).toBe(6);
    expect(mh.run(["unlock"], { input: `${before}\n` }).code).toBe(6);
    const unlocked = mh.run(["unlock"], { input: `${after}\n`, under: unsynced(keys) });
    expect(unlocked).toMatchObject({ code: 130, err: expect.stringMatching(/unlocked.key is written, .* not known/) });
    expect(mh.run(["task", "list"]).code).toBe(0);
  },
);
