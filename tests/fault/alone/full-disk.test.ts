import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { defineContract } from "@mh/contract/contract.ts";
import { verifyJournal } from "@mh/core/journal/verify.ts";
import { defineOutside } from "@mh/core/kernel/skill.ts";
import { RunLog, readRunLogs } from "@mh/host/agents/run-log.ts";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { readDaemonLog } from "@mh/host/daemon/read-daemon-log.ts";
import type { Finding } from "@mh/host/home/check-home.ts";
import { createHome } from "@mh/host/home/home-file.ts";
import type { Host } from "@mh/host/home/host.ts";
import { openHome } from "@mh/host/home/open-home.ts";
import { raiseStop } from "@mh/host/home/raise-stop.ts";
import { RotatingFile } from "@mh/host/serve/http/rotating-file.ts";
import { expect, test } from "vitest";
import { z } from "zod";
import { mountSmall } from "../../support/mount-small.ts";
import { type Mh, makeMh } from "../mh.ts";

const [mounted, canMount] = mountSmall("4m");

test.skipIf(!canMount && !process.env.CI)(
  "R4 a full disk refuses the write, harms nothing stored, and work resumes when there is room",
  async () => {
    const config = fs.mkdtempSync(path.join(os.tmpdir(), "mh-full-config-"));
    try {
      const root = path.join(mounted, "home");
      createHome(root, { HOME: config }, { owner: "Test", timeZone: "UTC" });
      const filler = path.join(mounted, "filler");
      fs.writeFileSync(filler, Buffer.alloc(1_200_000));
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

test.skipIf(!canMount && !process.env.CI)(
  "R4 what acted outside while the disk filled up is told as something whose end is not known, never as not done",
  async () => {
    const [folder] = mountSmall("4m");
    const config = fs.mkdtempSync(path.join(os.tmpdir(), "mh-full-config-"));
    try {
      const root = path.join(folder, "home");
      createHome(root, { HOME: config }, { owner: "Test", timeZone: "UTC" });
      const environment = { HOME: config };
      const skills = [fillingSkill(path.join(folder, "filler"))];
      const command = {
        id: "01a00000-0000-7000-8000-000000000001",
        principal: "owner",
        skill: "disk.fill",
        args: {},
      } as const;
      {
        await using host = (await openHome(root, { environment, skills })) as Host;
        const told = await host.act(command);
        expect(told).toMatchObject({ status: "interrupted", message: expect.stringContaining("(disk.full)") });
        fs.rmSync(path.join(folder, "filler"));
      }
      await using host = (await openHome(root, { environment, skills })) as Host;
      expect(await host.act(command)).toMatchObject({ status: "interrupted" });
      expect(verifyJournal(journalReader(root)).status).toBe("ok");
    } finally {
      spawnSync("umount", ["-l", folder]);
      for (const each of [config, folder]) fs.rmSync(each, { recursive: true });
    }
  },
);

for (const kind of ["a plain home", "an encrypted home", "a home that the daemon holds"] as const)
  test.skipIf(!canMount && !process.env.CI)(
    `R-11 with nothing free everything of ${kind} is read, the reason that is said is the disk, and nothing is thrown away that cannot be made anew`,
    () => {
      const [folder] = mountSmall("12m");
      using mh = makeMh(path.join(folder, "home"));
      const isHeld = kind === "a home that the daemon holds";
      try {
        expect(mh.run(["init", "--yes"]).code).toBe(0);
        if (kind === "an encrypted home")
          expect(mh.run(["encrypt"], { input: `${passphrase}\n${passphrase}\n` }).code).toBe(0);
        expect(mh.run(["capture", "Met with Sarah in Lisbon"]).code).toBe(0);
        expect(mh.run(["task", "add", "Call Sarah"]).code).toBe(0);
        if (isHeld) expect(mh.run(["daemon", "start"]).code).toBe(0);
        const index = path.join(mh.root, "memory", "index", "index.db");
        const before = fs.statSync(index).size;
        expect(() => fs.writeFileSync(path.join(folder, "filler"), Buffer.alloc(16_000_000))).toThrow("ENOSPC");
        // Who holds the home reads as before, and knows nothing of the disk until it writes.
        readsOnly(mh, isHeld ? "" : "The home is only read, because the disk is full", "The disk is full");
        expect(mh.run(["doctor"]).out).toContain("the disk is full");
        expect(fs.statSync(index).size).toBe(before);
        if (isHeld) expect(mh.run(["daemon", "stop"]).code).toBe(0);
        fs.rmSync(path.join(folder, "filler"));
        const { out, err } = mh.run(["memory", "list"]);
        expect([out.includes("Lisbon"), out.includes("No room"), err.includes("made anew")]).toEqual([
          true,
          false,
          false,
        ]);
        expect(mh.run(["audit", "verify"]).code).toBe(0);
      } finally {
        mh.run(["daemon", "stop"]);
        spawnSync("umount", ["-l", folder]);
        fs.rmSync(folder, { recursive: true });
      }
    },
  );

const passphrase = "a long walk by the sea";

test.skipIf(!canMount && !process.env.CI)(
  "R-11 on a read-only mount everything is read, also what a killed process left, and what would write says why it cannot",
  () => {
    const [folder] = mountSmall("32m");
    using mh = makeMh(path.join(folder, "home"));
    const remount = (how: string) => expect(spawnSync("mount", ["-o", `remount,${how}`, folder]).status).toBe(0);
    try {
      expect(mh.run(["init", "--yes"]).code).toBe(0);
      expect(mh.run(["capture", "Met with Sarah in Lisbon"]).code).toBe(0);
      expect(mh.run(["task", "add", "Call Sarah"]).code).toBe(0);
      remount("ro");
      readsOnly(mh, "The home is only read, because its place cannot be written to", "cannot be written to");
      expect(mh.run(["doctor"]).out).toContain("cannot be written to");
      remount("rw");
      // A line that was cut off, and an index that does not know of the last memory.
      const log = path.join(mh.root, "logs", "audit", fs.readdirSync(path.join(mh.root, "logs", "audit")).at(-1) ?? "");
      const index = path.join(mh.root, "memory", "index");
      fs.cpSync(index, path.join(folder, "older"), { recursive: true });
      expect(mh.run(["capture", "Tea with Tom"]).code).toBe(0);
      fs.rmSync(index, { recursive: true });
      fs.renameSync(path.join(folder, "older"), index);
      fs.appendFileSync(log, '{"v":1,"seq":');
      const text = fs.readFileSync(log);
      remount("ro");
      expect(mh.run(["memory", "list"])).toMatchObject({ code: 0, out: expect.stringContaining("Tea with Tom") });
      remount("rw");
      expect(fs.readFileSync(log)).toEqual(text);
      expect(mh.run(["memory", "list"])).toMatchObject({
        code: 0,
        err: expect.stringContaining("A write was cut off"),
      });
      expect(mh.run(["audit", "verify"]).code).toBe(0);
    } finally {
      spawnSync("umount", ["-l", folder]);
      fs.rmSync(folder, { recursive: true });
    }
  },
);

/** Of a home whose disk takes nothing: all that reads works and says that it does no more, and what writes says why it does not. */
function readsOnly(mh: Mh, note: string, why: string): void {
  const reads = [
    ["memory", "list"],
    ["search", "Sarah"],
    ["recall", "Sarah"],
    ["ask", "Whom did I meet?"],
    ["task", "list"],
  ];
  for (const args of reads)
    expect([args, mh.run(args)]).toMatchObject([
      args,
      { code: 0, out: expect.stringContaining("Sarah"), err: expect.stringContaining(note) },
    ]);
  for (const args of [["status"], ["audit", "tail"], ["audit", "verify"], ["approvals", "list"]])
    expect([args, mh.run(args)]).toMatchObject([args, { code: 0 }]);
  const [first = ""] = mh.run(["memory", "list", "--json"]).out.split("\n");
  const asksFirst = ["memory", "forget", (JSON.parse(first) as { id: string }).id, "--yes"];
  for (const args of [["capture", "No room"], ["undo"], ["task", "add", "No room"], asksFirst])
    expect([args, mh.run(args)]).toMatchObject([args, { code: 1, err: expect.stringContaining(why) }]);
  const { out } = mh.run(["doctor", "--json"]);
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  expect(findings.filter(({ level }) => level === "bad").map(({ what }) => what)).toEqual(["home"]);
  expect(findings.map(({ what }) => what)).toEqual(
    expect.arrayContaining(["log", "rights", "clock", "dates", "models"]),
  );
}

/** Acts outside until there is no room left, and has more to say of it than fits. */
function fillingSkill(file: string) {
  const contract = defineContract({
    name: "disk.fill",
    kind: "outside",
    title: "Fill the disk",
    input: () => z.strictObject({}),
    output: () => z.strictObject({}),
    effects: ["notify"],
    event: "disk.filled",
    examples: [{ title: "All of it", args: {} }],
  });
  return defineOutside(contract, {
    stored: "once",
    async run(_args, { note }) {
      expect(() => fs.writeFileSync(file, Buffer.alloc(8_000_000))).toThrow("ENOSPC");
      note({ much: "x".repeat(100_000) });
      return {};
    },
  });
}

test.skipIf(!canMount && !process.env.CI)(
  "R4 a log that a full disk cut off in the middle of a line says how many it lost, once there is room",
  () => {
    const texts = Array.from({ length: 500 }, (_, n) => `${n} ${"x".repeat(97)}`);
    const now = () => 0;
    const logs: Record<string, (root: string, write: (log: (text: string) => void) => void) => (string | undefined)[]> =
      {
        run(root, write) {
          using log = new RunLog(root, { agent: "brief", id: "0123456789", attempt: 1 }, { now, redact: String });
          write((text) => log.write("out", text));
          return (readRunLogs(root, "brief", 1)[0]?.lines ?? []).map(({ text }) => text);
        },
        daemon(root, write) {
          using log = new RotatingFile(path.join(root, "logs", "run", "daemon.ndjson"), 2 ** 20);
          write((text) => log.write(`${JSON.stringify({ text })}\n`));
          return readDaemonLog(root, 1_000).map(({ text, lost }) => (lost ? `Lines lost here: ${lost}` : String(text)));
        },
      };
    for (const [name, read] of Object.entries(logs)) {
      const [root] = mountSmall("64k");
      try {
        const filler = path.join(root, "filler");
        fs.writeFileSync(filler, Buffer.alloc(30_000));
        const told = read(root, (write) => {
          for (const text of texts) write(text);
          fs.rmSync(filler);
          write("goes on");
        });
        const kept = texts.slice(0, told.length - 2);
        expect([name, ...told]).toEqual([name, ...kept, `Lines lost here: ${texts.length - kept.length}`, "goes on"]);
        expect(kept.length).toBeLessThan(texts.length);
      } finally {
        spawnSync("umount", ["-l", root]);
        fs.rmSync(root, { recursive: true });
      }
    }
  },
);

test.skipIf(!canMount && !process.env.CI)("K2 on a full disk STOP stands, and nobody is told otherwise", () => {
  const [root] = mountSmall("64k");
  try {
    fs.mkdirSync(path.join(root, "run"));
    fs.writeFileSync(path.join(root, "home.json"), "");
    expect(() => fs.writeFileSync(path.join(root, "filler"), Buffer.alloc(100_000))).toThrow("ENOSPC");
    expect(() => raiseStop(root)).not.toThrow();
    expect(fs.existsSync(path.join(root, "run", "STOP"))).toBe(true);
  } finally {
    spawnSync("umount", ["-l", root]);
    fs.rmSync(root, { recursive: true });
  }
});

async function capture(host: Host, text: string): Promise<{ status: string; id: string; code: string }> {
  const outcome = await host.act({ principal: "owner", skill: "memory.capture", args: { text } });
  const id = outcome.status === "done" ? (outcome.value as { id: string }).id : "";
  return { status: outcome.status, id, code: outcome.status === "failed" ? outcome.fault.code : "" };
}
