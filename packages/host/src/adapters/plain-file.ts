import * as fs from "node:fs";
import { diskFault } from "@mh/core/ports/disk-fault.ts";

const { O_RDONLY, O_NONBLOCK } = fs.constants;

/** Opens without waiting: a pipe that nobody writes to would hold the process that holds STOP for ever. */
export const openToRead = (file: string, more = 0): number => fs.openSync(file, O_RDONLY | O_NONBLOCK | more);

/** All of a file. What is none, nor a link to one, is refused: a device would be read for ever. */
export function readPlain(file: string): Buffer {
  const fd = openToRead(file);
  try {
    refuseOther(fs.fstatSync(fd), file);
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

/** As a shell names what it holds open for this process, `<(…)`: that ends when what writes it does. */
const heldOpen = /^\/(?:dev|proc\/self)\/fd\/\d+$/;
const isHeldPipe = (file: string): boolean => heldOpen.test(file) && fs.statSync(file).isFIFO();

/** All of a file that a person named. */
export const readNamed = (file: string): Buffer => (isHeldPipe(file) ? fs.readFileSync(file) : readPlain(file));

export const readPlainText = (file: string): string => readPlain(file).toString("utf8");

/** Throws `disk.failed` for anything but a file. */
export function refuseOther(stat: fs.Stats, path: string): void {
  if (stat.isFile()) return;
  const code = stat.isDirectory() ? "EISDIR" : "ENXIO";
  throw diskFault(Object.assign(new Error(code), { code, path }));
}
