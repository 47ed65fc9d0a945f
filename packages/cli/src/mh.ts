// The entry. It is bundled into one file that an old Node can read, too: help and status are answered from it, everything
// else is in main.ts and what that loads.
import { makeNoRoom } from "@mh/host/home/load-lean.ts";
import { quickly } from "./quick.ts";

const nodeMin = 24;
const { node } = process.versions;

if (Number(node.split(".", 1)[0]) < nodeMin) {
  process.stderr.write(`mh needs Node.js ${nodeMin} or newer, and this is ${node}. Get it from https://nodejs.org.\n`);
  process.exitCode = 1;
} else {
  const words = process.argv.slice(2);
  if (words.includes("up") || (words.includes("daemon") && words.includes("run"))) makeNoRoom();
  const code = await quickly(words);
  if (code === undefined) await import("./main.ts");
  else process.exitCode = code;
}
