import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import { createHome } from "@mh/host/home-file.ts";
import type { Host } from "@mh/host/host.ts";
import { journalReader } from "@mh/host/journal-reader.ts";
import { openHome } from "@mh/host/open-home.ts";
import { expect, test } from "vitest";

const mounted = fs.mkdtempSync(path.join(os.tmpdir(), "mh-full-"));
const canMount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", mounted]).status === 0;

test.skipIf(!canMount && !process.env.CI)(
  "R4 a full disk refuses the write, harms nothing stored, and work resumes when there is room",
  async () => {
    const config = fs.mkdtempSync(path.join(os.tmpdir(), "mh-full-config-"));
    try {
      const root = path.join(mounted, "home");
      createHome(root, { HOME: config }, { owner: "Test", timeZone: "UTC" });
      const filler = path.join(mounted, "filler");
      fs.writeFileSync(filler, Buffer.alloc(1_500_000));
      const kept: string[] = [];
      {
        await using host = (await openHome(root, { environment: { HOME: config } })) as Host;
        let refused = "";
        for (let n = 0; refused === "" && n < 2000; n += 1) {
          const outcome = await capture(host, `note ${n} ${"long ".repeat(200)}`);
          if (outcome.status === "done") kept.push(outcome.id);
          else refused = outcome.code;
        }
        expect(refused).toBe("disk.full");
        expect(kept.length).toBeGreaterThan(10);
        expect(verifyJournal(journalReader(root)).status).toBe("ok");
        fs.rmSync(filler);
        const resumed = await capture(host, "there is room again");
        expect(resumed.status).toBe("done");
        kept.push(resumed.id);
      }
      await using host = (await openHome(root, { environment: { HOME: config } })) as Host;
      const listed = await host.act({ principal: "owner", skill: "memory.list", args: {} });
      const value = (listed.status === "done" ? listed.value : {}) as { memories: { id: string }[] };
      expect(value.memories.map(({ id }) => id)).toEqual(kept);
      expect(verifyJournal(journalReader(root)).status).toBe("ok");
    } finally {
      spawnSync("umount", ["-l", mounted]);
      for (const folder of [config, mounted]) fs.rmSync(folder, { recursive: true });
    }
  },
);

async function capture(host: Host, text: string): Promise<{ status: string; id: string; code: string }> {
  const outcome = await host.act({ principal: "owner", skill: "memory.capture", args: { text } });
  const id = outcome.status === "done" ? (outcome.value as { id: string }).id : "";
  return { status: outcome.status, id, code: outcome.status === "failed" ? outcome.fault.code : "" };
}
