// Opens a home of an earlier format, says when the upgrade came to a certain step, and waits there to be killed.
import * as fs from "node:fs";
import { openHome } from "@mh/host";

const [root = "", stop = ""] = process.argv.slice(2);
await openHome(root, {
  onProgress(what, done) {
    if (!what.startsWith("upgrade: ") || done !== Number(stop)) return;
    fs.writeSync(1, `${what}\n`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
});
