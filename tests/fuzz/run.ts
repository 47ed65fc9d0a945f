// `npm run fuzz -- TARGET --minutes 10 --seed N`: gives a target inputs until the time is up. `--input SEED` repeats one,
// `--file FILE` gives a file, `--whole` all inputs where they can be counted (`--with TEXT`: those that hold it). What was
// found is written to out/fuzz, with the seed that repeats it.
import { randomInt } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { setup, teardown } from "../support/setup/temporary-folder.ts";
import { drive, type Found } from "./drive.ts";
import { keptInputs } from "./kept-inputs.ts";
import { openTarget, targetNames } from "./targets/index.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string" },
    input: { type: "string" },
    file: { type: "string" },
    whole: { type: "boolean" },
    with: { type: "string", default: "" },
  },
});
const [target = ""] = positionals;
if (!targetNames.includes(target)) {
  process.stderr.write(`Name a target: ${targetNames.join(", ")}.\n`);
  process.exit(2);
}
const seed = Number(values.seed ?? randomInt(2 ** 31));
const outside = path.join(import.meta.dirname, "..", "..", "out", "fuzz", target);
const seen = new Map<string, number>();

// Homes in memory: a disk that syncs is most of what an input costs.
setup();
const began = performance.now();
const only = values.input === undefined ? undefined : Number(values.input);
const kept = await given();
say(`${target}: seed ${seed}`);
const result = await drive(target, {
  seed,
  ...(only === undefined && { kept, untilMs: began + Number(values.minutes) * 60_000 }),
  ...((values.file !== undefined || values.whole) && { inputs: 0 }),
  ...(only !== undefined && { only }),
  onFound: show,
});
teardown();
const { inputs, most, rssBytesMax } = result;
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
const cost = `at most ${Math.round(most.cpuMs)} ms of the processor (input ${most.seed}) and ${Math.round(rssBytesMax / 2 ** 20)} MiB`;
say(
  `${target}: ${inputs} inputs in ${minutes} minutes, ${seen.size} kinds of finding, ${result.found.length} in all; ${cost}`,
);
process.exitCode = result.found.length > 0 ? 1 : 0;

/** What comes before the inputs of the seed. */
async function given(): Promise<{ name: string; bytes: Buffer }[]> {
  if (values.file !== undefined) return [{ name: values.file, bytes: fs.readFileSync(values.file) }];
  if (!values.whole) return keptInputs(target);
  await using opened = await openTarget(target);
  const whole = ((await opened.whole?.()) ?? []).map((bytes, n) => ({ name: String(n), bytes }));
  return whole.filter(({ bytes }) => bytes.includes(values.with));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The first of each kind whole. */
function show(found: Found): void {
  const kind = `${found.kind} ${found.story.split("\n").slice(0, 3).join(" ").replace(/\d+/g, "0").slice(0, 160)}`;
  const count = (seen.get(kind) ?? 0) + 1;
  seen.set(kind, count);
  if (count > 1) return;
  say(`\n${found.kind}: ${found.story}\n  npm run fuzz -- ${target} --input ${found.seed ?? `(${found.name})`}`);
  if (!found.bytes) return;
  fs.mkdirSync(outside, { recursive: true });
  fs.writeFileSync(path.join(outside, String(found.seed ?? found.name)), found.bytes);
}
