import { Inflate } from "fflate";
import { Unreadable } from "./unreadable.ts";

/** The bytes of a zip, wherever they lie. */
export interface ZipBytes {
  sizeBytes: number;
  chunks(from: number, to?: number): Iterable<Uint8Array>;
}

/** A file in a zip. `open` gives its bytes; it throws Unreadable rather than expand beyond all measure. */
export type ZipEntry = { name: string; compressedBytes: number; open(): Generator<Uint8Array> };

const expandedMax = 8_000_000_000;
// Text shrinks to a tenth; whatever shrinks to less than a two-hundredth was made to.
const ratioMax = 200;
const commentMax = 65_535;
const directoryBytesMax = 64_000_000;

/** The files of a zip (APPNOTE.TXT §4.3), by its directory at the end. Nothing is unpacked to disk. */
export function entriesOf({ sizeBytes, chunks }: ZipBytes): ZipEntry[] {
  const tail = Buffer.concat([...chunks(Math.max(0, sizeBytes - commentMax - 22))]);
  const end = tail.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  if (end === -1 || tail.length - end < 22) throw new Unreadable("The zip is cut off or damaged: it has no directory.");
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (start === 0xffffffff || length > directoryBytesMax)
    throw new Unreadable("The zip is larger than 4 GB. Unpack it, and import the folder.");
  const directory = Buffer.concat([...chunks(start, start + length)]);
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === 0x02014b50; ) {
    const [method, compressedBytes, offset] = [
      directory.readUInt16LE(at + 10),
      directory.readUInt32LE(at + 20),
      directory.readUInt32LE(at + 42),
    ];
    const isEncrypted = (directory.readUInt16LE(at + 8) & 1) === 1;
    const nameLength = directory.readUInt16LE(at + 28);
    const name = directory.toString("utf8", at + 46, at + 46 + nameLength);
    entries.push({
      name,
      compressedBytes,
      open: () => contentOf(chunks, { method, compressedBytes, offset, isEncrypted }),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

type Place = { method: number; compressedBytes: number; offset: number; isEncrypted: boolean };

function* contentOf(
  chunks: ZipBytes["chunks"],
  { method, compressedBytes, offset, isEncrypted }: Place,
): Generator<Uint8Array> {
  const header = Buffer.concat([...chunks(offset, offset + 30)]);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50)
    throw new Unreadable("The zip is damaged: a file is not where it says.");
  if (isEncrypted) throw new Unreadable("The zip is encrypted. Unpack it, and import the folder.");
  const start = offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = chunks(start, start + compressedBytes);
  if (method === 0) yield* packed;
  else if (method === 8) yield* inflated(packed, Math.min(expandedMax, 1_000_000 + compressedBytes * ratioMax));
  else throw new Unreadable("The zip is packed in a way that cannot be read. Unpack it, and import the folder.");
}

function* inflated(packed: Iterable<Uint8Array>, sizeMax: number): Generator<Uint8Array> {
  let out: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((chunk) => {
    size += chunk.length;
    if (size > sizeMax) throw new Unreadable("The zip expands beyond all measure and was given up.");
    out.push(chunk);
  });
  // Small pieces: one of them may expand a thousandfold before it is measured.
  for (const chunk of packed)
    for (let at = 0; at < chunk.length; at += 65_536) {
      push(inflate, chunk.subarray(at, at + 65_536));
      yield* out;
      out = [];
    }
}

function push(inflate: Inflate, chunk: Uint8Array): void {
  try {
    inflate.push(chunk);
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    throw new Unreadable("The zip is damaged: a file in it cannot be unpacked.", { cause: error });
  }
}
