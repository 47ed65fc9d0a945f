import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import { cryptoSuite } from "@mh/testing/ports/crypto.ts";
import { diskSuite } from "@mh/testing/ports/disk.ts";
import { filesSuite } from "@mh/testing/ports/files.ts";
import { secretStoreSuite } from "@mh/testing/ports/secret-store.ts";
import type { Suite } from "@mh/testing/ports/suite.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { keyFileStore } from "../secrets/key-files.ts";
import { PassphraseFiles } from "../secrets/passphrase-files.ts";
import { secretFiles } from "../secrets/secret-files.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { nodeDisk } from "./node-disk.ts";
import { nodeFiles } from "./node-files.ts";
import { overlayFiles } from "./overlay-files.ts";

let folder = "";
beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-port-")));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Each promise of a port, tried on an adapter of its own. */
function holds<Port>(name: string, suite: Suite<Port>, make: () => Port | Promise<Port>): void {
  describe(name, () => {
    for (const [promise, tryIt] of Object.entries(suite)) test(promise, async () => tryIt(await make()));
  });
}

holds("nodeFiles keeps what Files promises", filesSuite, () => nodeFiles(folder));

holds("overlayFiles keeps what Files promises", filesSuite, () => overlayFiles(nodeFiles(folder)));

test("R-11 what is written over files that take nothing stays in memory, and is refused once it is closed to writing", () => {
  const below = nodeFiles(folder);
  for (const name of ["a/kept", "a/gone"]) below.replace(name, Buffer.from(name));
  const files = overlayFiles(below);
  files.remove("a/gone");
  files.replace("a/b/new", Buffer.from("new"));
  files.open("a/kept").append(Buffer.from(" longer"));
  expect([files.list("a"), files.names("a").map(({ name }) => name)]).toEqual([
    ["a/b/new", "a/kept"],
    ["b", "kept"],
  ]);
  expect(Buffer.from(files.readPart("a/kept", 2, 99) ?? []).toString()).toBe("kept longer");
  const why = new Fault("disk.full", "The disk is full.");
  files.close(why);
  const log = files.open("a/kept");
  expect([log.size, log.isOwn]).toEqual([13, true]);
  for (const write of [
    () => log.append(Buffer.from("x")),
    () => files.replace("a/c", Buffer.from("c")),
    () => files.remove("a/kept"),
  ])
    expect(write).toThrow(why);
  files.remove("a/c");
  expect([below.list("a"), Buffer.from(below.read("a/kept") ?? []).toString()]).toEqual([
    ["a/gone", "a/kept"],
    "a/kept",
  ]);
});

holds("nodeCrypto keeps what Crypto promises", cryptoSuite, () => nodeCrypto);

describe.runIf(process.platform === "linux")("outside the home", () => {
  holds("nodeDisk keeps what Disk promises", diskSuite, () => {
    const closed = path.join(folder, "closed");
    fs.mkdirSync(closed);
    const link = (name: string, target: string) => fs.symlinkSync(target, path.join(folder, name));
    return { disk: nodeDisk([closed]), folder, link };
  });
});

holds("key files keep what a store of secrets promises", secretStoreSuite, () => keyFileStore(secretFiles(folder)));

holds("passphrase files keep what a store of secrets promises", secretStoreSuite, async () => {
  const store = new PassphraseFiles(folder, "a home", {});
  await store.make("correct horse battery staple");
  return store;
});
