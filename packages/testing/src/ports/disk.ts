import assert from "node:assert/strict";
import { Fault, type FaultCode } from "@mh/contract/values/fault.ts";
import { decodeLossy, utf8 } from "@mh/core/ports/bytes.ts";
import type { Disk } from "@mh/core/ports/disk.ts";
import type { Suite } from "./suite.ts";

/** A disk with a folder that may be used, and with the folder `closed` in it, which nothing opens. */
export interface DiskPlace {
  disk: Disk;
  folder: string;
  /** Makes a symbolic link in the folder. */
  link(name: string, target: string): void;
}

const refusedWith = (work: Promise<unknown>, code: FaultCode): Promise<void> =>
  assert.rejects(work, (error) => error instanceof Fault && error.code === code);

export const diskSuite: Suite<DiskPlace> = {
  async "a file is read as it was written, and replaced only where that was asked for"({ disk, folder }) {
    const file = `${folder}/note.txt`;
    await disk.write(file, utf8.encode("one"), { replace: false });
    await refusedWith(disk.write(file, utf8.encode("two"), { replace: false }), "args.invalid");
    assert.equal(decodeLossy(await disk.read(file, 100)), "one");
    await disk.write(file, utf8.encode("three"), { replace: true });
    assert.equal(decodeLossy(await disk.read(file, 100)), "three");
  },
  async "a file that is longer than wanted is refused, and one that is not there is not found"({ disk, folder }) {
    await disk.write(`${folder}/long`, new Uint8Array(11), { replace: false });
    await refusedWith(disk.read(`${folder}/long`, 10), "args.invalid");
    await refusedWith(disk.read(`${folder}/none`, 10), "file.not-found");
    await refusedWith(disk.list(`${folder}/none`, 10), "file.not-found");
  },
  async "a folder is listed by name, links as links, and says where it was cut"({ disk, folder, link }) {
    for (const name of ["b", "a"]) await disk.write(`${folder}/${name}`, utf8.encode(name), { replace: false });
    link("c", `${folder}/a`);
    const { entries, isCut } = await disk.list(folder, 10);
    const kinds = entries.map(({ name, kind }) => [name, kind]);
    assert.deepEqual(
      [kinds, isCut],
      [
        [
          ["a", "file"],
          ["b", "file"],
          ["c", "link"],
          ["closed", "folder"],
        ],
        false,
      ],
    );
    assert.deepEqual((await disk.list(folder, 2)).isCut, true);
  },
  async "no link is followed, at the end or on the way"({ disk, folder, link }) {
    await disk.write(`${folder}/real`, utf8.encode("real"), { replace: false });
    link("file", `${folder}/real`);
    link("way", folder);
    for (const path of [`${folder}/file`, `${folder}/way/real`])
      await refusedWith(disk.read(path, 100), "args.invalid");
    await refusedWith(disk.write(`${folder}/way/new`, utf8.encode("x"), { replace: false }), "args.invalid");
  },
  async "nothing in a closed folder is opened, by whatever name"({ disk, folder, link }) {
    link("door", `${folder}/closed`);
    for (const path of [`${folder}/closed`, `${folder}/door`]) {
      await refusedWith(disk.list(path, 10), "args.invalid");
      await refusedWith(disk.write(`${path}/new`, utf8.encode("x"), { replace: false }), "args.invalid");
    }
  },
};
