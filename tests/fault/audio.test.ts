import * as fs from "node:fs";
import * as path from "node:path";
import { startScriptedTranscription } from "@mh/testing/scripted-transcription/server.ts";
import { expect, test } from "vitest";
import { mhWithHome } from "./mh.ts";

test("H19 `mh audio` says what it can do without a server, keeps the file waiting, and goes on once there is one", async () => {
  await using server = await startScriptedTranscription();
  using mh = mhWithHome();
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(mh.config, "sounds-")));
  const [file, text] = [path.join(folder, "talk.wav"), path.join(folder, "notes.mp3")];
  fs.writeFileSync(file, "RIFF0000WAVEfmt ");
  fs.writeFileSync(text, "No sound.");
  const said = async (...args: string[]) => {
    const { code, out, err } = await mh.here(["audio", ...args]);
    return [code, `${out}${err}`.replace(/\s+/g, " ").trim()];
  };
  expect(await said()).toEqual([
    0,
    expect.stringMatching(/No transcription server is set up.*0 recordings transcribed/),
  ]);
  expect(await said("list")).toEqual([0, "There are no recordings. `mh audio ingest FILE` takes one in."]);
  expect(await said("ingest")).toEqual([2, expect.stringContaining("Name a sound file")]);
  expect(await said("ingest", file)).toEqual([0, expect.stringMatching(/talk\.wav waiting\. No transcription server/)]);
  // One that is bad does not keep back the others, and the exit code says so.
  expect(await said("ingest", text, file)).toEqual([
    1,
    expect.stringMatching(/talk\.wav waiting.*notes\.mp3: It is no sound/),
  ]);
  expect(await said("list", "waiting")).toEqual([0, expect.stringMatching(/waiting .*talk\.wav/)]);
  expect(await said("list", "failed")).toEqual([0, expect.stringMatching(/failed .*notes\.mp3.*Convert it/)]);
  expect((await mh.here(["config", "set", "audio.url", server.url])).code).toBe(0);
  expect(await said()).toEqual([0, expect.stringMatching(/Server: 127\.0\.0\.1.*1 waiting, 1 failed.*--waiting/)]);
  expect(await said("ingest", "--waiting")).toEqual([0, expect.stringContaining("talk.wav is transcribed")]);
  expect(await said("ingest", file)).toEqual([0, expect.stringContaining("talk.wav was transcribed before")]);
  expect(await said("list", "done")).toEqual([
    0,
    expect.stringMatching(/done .*talk\.wav.*english, 0:05.*the boiler is repaired/),
  ]);
  expect(server.heard).toHaveLength(1);
  expect((await mh.here(["search", "boiler"])).out).toContain("the boiler is repaired");
});
