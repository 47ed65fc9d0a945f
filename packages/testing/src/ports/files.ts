import assert from "node:assert/strict";
import { Fault } from "@mh/contract/values/fault.ts";
import { decodeLossy, utf8 } from "@mh/core/ports/bytes.ts";
import type { Files } from "@mh/core/ports/files.ts";
import type { Suite } from "./suite.ts";

const text = (bytes: Uint8Array | undefined): string | undefined => bytes && decodeLossy(bytes);
const bytes = (content: string): Uint8Array => utf8.encode(content);
const lines = "memory/2026/03/02.ndjson";

export const filesSuite: Suite<Files> = {
  "what is not there is undefined, an empty list, and nothing to remove"(files) {
    assert.equal(files.read("none"), undefined);
    assert.equal(files.readPart("none", 0, 4), undefined);
    assert.equal(files.facts("none"), undefined);
    assert.equal(files.linkOn("none/of/it"), undefined);
    assert.deepEqual(files.list("none"), []);
    assert.deepEqual(files.links("none"), []);
    files.remove("none");
  },
  "a file is replaced whole, in folders that are made, and leaves nothing beside it"(files) {
    files.replace(lines, bytes("first, and longer"));
    files.replace(lines, bytes("second"));
    assert.equal(text(files.read(lines)), "second");
    assert.deepEqual(files.list("memory"), [lines]);
  },
  "a file that comes in parts is replaced by all of them, and by none where they fail"(files) {
    for (const path of [lines, "notes.md"]) {
      files.replace(path, [bytes("one\n"), bytes("two\nthree\n")]);
      assert.equal(text(files.read(path)), "one\ntwo\nthree\n");
      const failing = function* () {
        yield bytes("four\n");
        throw new Fault("disk.failed", "No more.");
      };
      assert.throws(() => files.replace(path, failing()), /No more/);
      assert.equal(text(files.read(path)), "one\ntwo\nthree\n");
    }
    assert.deepEqual(files.list(""), [lines, "notes.md"]);
  },
  "files are listed by their paths from the home, in order, however deep they lie"(files) {
    for (const name of ["a/c", "a/b/d", "a-b", "a/b/a"]) files.replace(name, bytes(name));
    assert.deepEqual(files.list("a"), ["a/b/a", "a/b/d", "a/c"]);
  },
  "what lies right in a folder is named, folders as such"(files) {
    for (const name of ["a/c", "a/b/d", "a-b"]) files.replace(name, bytes(name));
    assert.deepEqual(files.names("a"), [
      { name: "b", isFolder: true },
      { name: "c", isFolder: false },
    ]);
    assert.deepEqual(files.names(""), [
      { name: "a", isFolder: true },
      { name: "a-b", isFolder: false },
    ]);
    assert.deepEqual(files.names("none"), []);
  },
  "a part ends where the file ends"(files) {
    files.replace("part", bytes("0123456789"));
    assert.equal(text(files.readPart("part", 2, 5)), "234");
    assert.equal(text(files.readPart("part", 8, 99)), "89");
    assert.equal(text(files.readPart("part", 99, 120)), "");
  },
  "the lines of a file are those of all of it, whatever follows the last end"(files) {
    for (const content of ["", "one", "one\n", "one\n\nzwei ä\n", "one\ntwo"])
      for (const path of [lines, "notes.md"]) {
        files.replace(path, bytes(content));
        assert.deepEqual([...files.lines(path)], content.split("\n"));
      }
    assert.deepEqual([...files.lines("none")], []);
  },
  async "what is appended comes after what was there, and is cut off where it is told to"(files) {
    files.replace(lines, bytes("one\n"));
    using file = files.open(lines);
    assert.equal(file.size, 4);
    file.append(bytes("two\n"));
    file.append(bytes("three\n"));
    await file.sync();
    assert.equal(file.size, 14);
    assert.equal(text(files.read(lines)), "one\ntwo\nthree\n");
    file.truncate(8);
    file.append(bytes("four\n"));
    assert.deepEqual([text(files.read(lines)), file.size], ["one\ntwo\nfour\n", 13]);
  },
  "facts tell another content and another file"(files) {
    files.replace("facts", bytes("one"));
    const before = files.facts("facts");
    files.replace("facts", bytes("three"));
    const after = files.facts("facts");
    assert.deepEqual([before?.size, after?.size], [3, 5]);
    assert.notDeepEqual(before, after);
  },
  "no path leads out of the home"(files) {
    for (const path of ["../elsewhere", "memory/../../elsewhere", "/etc/hosts"]) {
      for (const act of [files.read, files.facts, files.remove, (name: string) => files.replace(name, bytes("x"))]) {
        assert.throws(
          () => act(path),
          (error) => error instanceof Fault && error.code === "disk.failed",
        );
      }
    }
  },
};
