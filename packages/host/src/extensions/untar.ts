import { gunzipSync } from "node:zlib";
import { refused, type Tree, TreeMaker, treeBounds } from "@mh/core/extensions/package-tree.ts";

const block = 512;

/**
 * The files of a gzipped tarball, as npm packs one: everything below the one folder at its root. Links, devices and
 * whatever else is no plain file or folder are refused. Format: POSIX.1-2001 (ustar and pax).
 */
export function untar(gzipped: Uint8Array): Tree {
  const tar = expanded(gzipped);
  const maker = new TreeMaker();
  let pax: Record<string, string> = {};
  for (let at = 0; at + block <= tar.length; ) {
    const header = tar.subarray(at, at + block);
    if (header.every((byte) => byte === 0)) break;
    if (!hasRightSum(header)) throw refused("its archive is damaged");
    const size = octal(header.subarray(124, 136));
    const body = tar.subarray(at + block, at + block + size);
    if (body.length < size) throw refused("its archive is cut off");
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "x") {
      pax = paxOf(body);
      continue;
    }
    if (type === "g") continue;
    const path = pax.path ?? nameIn(header);
    if (pax.size !== undefined || pax.linkpath !== undefined) throw refused("its archive holds what no package holds");
    pax = {};
    if (type === "5") continue;
    if (type !== "0" && type !== "\0") throw refused(`${path.slice(0, 100)} is a link, or no file at all`);
    maker.add(belowRoot(path), Uint8Array.from(body));
  }
  return maker.tree();
}

function expanded(gzipped: Uint8Array): Buffer {
  try {
    return gunzipSync(gzipped, { maxOutputLength: treeBounds.bytesMax + treeBounds.filesMax * 2 * block + 100_000 });
  } catch (error) {
    throw refused(`its archive cannot be unpacked (${(error as { code?: string }).code ?? "damaged"})`);
  }
}

/** npm calls the root `package`; others do not, so its name says nothing. */
function belowRoot(path: string): string {
  const at = path.indexOf("/");
  if (path.startsWith("/") || at === -1) throw refused(`${path.slice(0, 100)} lies outside its folder`);
  return path.slice(at + 1);
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8").replace(/\0.*$/s, "");

function nameIn(header: Uint8Array): string {
  const [name, prefix] = [text(header.subarray(0, 100)), text(header.subarray(345, 500))];
  const isUstar = text(header.subarray(257, 263)).startsWith("ustar");
  return isUstar && prefix ? `${prefix}/${name}` : name;
}

function octal(bytes: Uint8Array): number {
  const digits = text(bytes).trim();
  if (!/^[0-7]{1,11}$/.test(digits)) throw refused("its archive is damaged");
  return Number.parseInt(digits, 8);
}

function hasRightSum(header: Uint8Array): boolean {
  const sum = header.reduce((all, byte, at) => all + (at >= 148 && at < 156 ? 0x20 : byte), 0);
  return sum === octal(header.subarray(148, 156));
}

/** Records `length key=value\n`. */
function paxOf(body: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {};
  let rest = Buffer.from(body);
  while (rest.length > 0) {
    const space = rest.indexOf(0x20);
    const length = Number(rest.subarray(0, space).toString());
    if (space < 1 || !Number.isInteger(length) || length <= space || length > rest.length)
      throw refused("its archive is damaged");
    const record = rest.subarray(space + 1, length - 1).toString("utf8");
    const equals = record.indexOf("=");
    found[record.slice(0, equals)] = record.slice(equals + 1);
    rest = rest.subarray(length);
  }
  return found;
}
