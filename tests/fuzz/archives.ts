import { deflateRawSync, gzipSync } from "node:zlib";
import type { Dice } from "./dice.ts";

/** A file of an archive, as its header says it and as it is. */
export interface Packed {
  name: string;
  bytes: Buffer;
  /** Of a tar: `0` a file, `5` a folder, `1` and `2` links, `x` and `g` what pax says of the next one or of all. */
  type?: string;
  size?: number;
  link?: string;
}

/** A tar with right sums, whatever the rest says (POSIX.1-2001). */
export function tarOf(files: readonly Packed[]): Buffer {
  const blocks = files.flatMap(({ name, bytes, type = "0", size = bytes.length, link = "" }) => {
    const header = Buffer.alloc(512);
    header.write(name.slice(0, 100), 0);
    header.write("0000644\0", 100);
    header.write(`${Math.abs(size).toString(8).padStart(11, "0").slice(0, 11)}\0`, 124);
    header.write("        ", 148);
    header.write(type, 156);
    header.write(link.slice(0, 100), 157);
    header.write("ustar\u000000", 257);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** A zip whose figures are right but those that a file brings along (APPNOTE.TXT §4.3). */
export function zipOf(dice: Dice, files: readonly Packed[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, size } of files) {
    const packed = deflateRawSync(bytes, { level: 1 });
    const [path, local, entry] = [Buffer.from(name), Buffer.alloc(30), Buffer.alloc(46)];
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(path.length & 0xffff, 26);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(dice.chance(0.05) ? 1 : 0, 8);
    entry.writeUInt16LE(dice.chance(0.9) ? 8 : dice.below(12), 10);
    entry.writeUInt32LE((size ?? packed.length) >>> 0, 20);
    entry.writeUInt32LE(bytes.length, 24);
    entry.writeUInt16LE(path.length & 0xffff, 28);
    entry.writeUInt32LE(dice.chance(0.9) ? at : dice.below(2 ** 31), 42);
    directory.push(entry, path);
    parts.push(local, path, packed);
    at += 30 + path.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length & 0xffff, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, listed, end]);
}

/** Files that are in a package or an export, with some that are in none. */
export function oddFiles(dice: Dice, good: readonly Packed[]): Packed[] {
  const files = [...good];
  for (let left = dice.below(4); left > 0; left -= 1) {
    const at = dice.below(files.length + 1);
    const file = files[at % files.length] ?? { name: "a/b", bytes: Buffer.alloc(0) };
    const way = dice.below(6);
    if (way === 0)
      files[at % files.length] = { ...file, name: `${dice.chance(0.7) ? "package/" : ""}${dice.pick(names)}` };
    else if (way === 1)
      files[at % files.length] = { ...file, size: dice.pick([0, 1, 511, 513, 2 ** 20, 2 ** 31, 8 ** 11 - 1]) };
    else if (way === 2)
      files[at % files.length] = { ...file, type: dice.pick([..."0123567xgLKS\0"]), link: dice.pick(names) };
    else if (way === 3) files.splice(at, 0, { name: "pax", type: "x", bytes: Buffer.from(dice.pick(paxes)) });
    else if (way === 4)
      files.push(
        ...Array.from({ length: dice.below(400) }, (_, n) => ({
          ...file,
          bytes: file.bytes.subarray(0, 1_000),
          name: `package/many/${n}`,
        })),
      );
    else files[at % files.length] = { ...file, bytes: Buffer.alloc(10 ** (1 + dice.below(7)), dice.below(256)) };
  }
  return files;
}

export const gzipped = (bytes: Buffer): Buffer => gzipSync(bytes, { level: 1 });

const names = [
  "../x",
  "/etc/x",
  "..",
  ".",
  "",
  "a//b",
  "a/../../b",
  "__proto__",
  "constructor/x",
  "SKILL.md",
  "skill.MD",
  "SKILL.md/x",
  ".git/config",
  "\u202ea",
  "e\u0301",
  "a\\b",
  "C:\\x",
  "x ".repeat(80),
  "d/".repeat(40),
  "\0",
  "con",
  "a\nb",
  "conversations.json",
  "scripts/count.ts",
];
const paxes = [
  "19 path=package/abc\n",
  "28 path=package/../../../etc\n",
  "9 size=1\n",
  "99999 path=x\n",
  "0 path=x\n",
  "-1 x=y\n",
  " =\n",
  "21 __proto__=package\n",
  "16 linkpath=/etc\n",
  "NaN path=x\n",
  "5 a=b",
  "12 mtime=1.5\n",
];
