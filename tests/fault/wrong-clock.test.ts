import { spawnSync } from "node:child_process";
import type { Finding } from "@mh/host/home/check-home.ts";
import { expect, test } from "vitest";
import { type Mh, mhWithHome } from "./mh.ts";

const library = spawnSync("sh", ["-c", "ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null"], { encoding: "utf8" });
const preload = library.stdout.trim().split("\n")[0] ?? "";

/** A process to whose machine's clock so much is added. */
const off = (by: string) => ({ under: ["env", `LD_PRELOAD=${preload}`, `FAKETIME=${by}`] });

function doctor(mh: Mh, how?: Parameters<Mh["run"]>[1]): [string, string, string][] {
  const { findings } = JSON.parse(mh.run(["doctor", "--json"], how).out) as { findings: Finding[] };
  return findings
    .filter(({ what }) => what === "clock" || what === "dates")
    .map(({ what, level, message }) => [what, level, message]);
}

test.skipIf(preload === "" && !process.env.CI)(
  "R-14 a machine whose clock was a year ahead: status and doctor name it, the log has both jumps, and doctor dates the memory right",
  () => {
    using mh = mhWithHome();
    expect(mh.run(["capture", "Before"]).code).toBe(0);
    const [clock] = doctor(mh, off("+365d"));
    expect(clock).toEqual(["clock", "warn", expect.stringMatching(/^the clock went forward by 365 days/)]);
    expect(mh.run(["capture", "Told in the wrong year"], off("+365d")).code).toBe(0);
    expect(mh.run(["status"], off("+365d")).out).toContain("the clock went forward by 365 days");
    expect(mh.run(["status"]).out).toContain("the clock went back by 365 days");
    expect(mh.run(["capture", "After"]).code).toBe(0);
    expect(mh.run(["status"]).out).toContain("the clock went back by 365 days");
    expect(mh.run(["audit", "tail", "-n", "50"]).out.match(/module:clock/g)).toHaveLength(2);
    expect(doctor(mh)).toEqual([
      [
        "clock",
        "ok",
        expect.stringMatching(/^right, as far as can be seen; 2 times it jumped, and last the clock went back/),
      ],
      ["dates", "warn", expect.stringMatching(/^1 memory was dated by a clock that was put right later/)],
    ]);
    expect(mh.run(["doctor", "--repair"]).out).toContain("Dated anew: 1 memory.");
    const lines = mh.run(["memory", "list", "--json"]).out.trim().split("\n");
    const memories = lines.map((line) => JSON.parse(line) as { at: string });
    for (const { at } of memories) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(3_600_000);
    expect(memories).toHaveLength(3);
    expect(mh.run(["audit", "verify"]).code).toBe(0);
  },
);
