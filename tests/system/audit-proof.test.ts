import * as fs from "node:fs";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";

test("K3 a checkpoint that was kept elsewhere holds as long as the log still begins as it says", async () => {
  await using home = await makeHost();
  await home.own("memory.capture", { text: "Tea" });
  expect((await home.own("audit.proof", {})).checked).toBe(null);
  await home.own("journal.checkpoint", {});
  const { signed, records } = await home.own("audit.proof", {});
  expect(signed).toMatchObject({ records: records - 1, note: expect.stringContaining(`\n${records - 1}\n`) });
  await home.own("memory.capture", { text: "Coffee" });
  const kept = [signed?.note ?? ""];
  const report = await home.own("audit.verify", { kept });
  expect(report).toMatchObject({ status: "ok" });
  const { checked } = await home.own("audit.proof", {});
  expect(checked).toMatchObject({ status: "ok", records: report.records });
  // Root and size stand in the note, and its signature covers both.
  const other = kept.map((note) => note.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`));
  expect(await home.own("audit.verify", { kept: other })).toMatchObject({
    status: "bad-signature",
    reason: expect.stringContaining("checkpoint 1 that you kept"),
  });
  expect(await home.own("audit.verify", { kept: ["nonsense"] })).toMatchObject({ status: "bad-signature" });
});

test("K3 a log that was cut shorter than a kept checkpoint is found out by it", async () => {
  await using home = await makeHost();
  for (let n = 0; n < 5; n += 1) await home.own("memory.capture", { text: `Thing ${n}` });
  await home.own("journal.checkpoint", {});
  const { signed } = await home.own("audit.proof", {});
  const [file = ""] = fs.readdirSync(home.file("logs/audit")).filter((name) => name.endsWith(".ndjson"));
  const path = home.file(`logs/audit/${file}`);
  fs.writeFileSync(path, `${fs.readFileSync(path, "utf8").split("\n").slice(0, 6).join("\n")}\n`);
  const report = await home.own("audit.verify", { kept: [signed?.note ?? ""] });
  expect(report.status).toBe("truncated");
});
