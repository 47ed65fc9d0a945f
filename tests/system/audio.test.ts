import * as fs from "node:fs";
import * as path from "node:path";
import { owner } from "@mh/contract/values/principal.ts";
import type { TestHost } from "@mh/testing";
import {
  type ScriptedTranscription,
  startScriptedTranscription,
  transcriptionCharacters,
} from "@mh/testing/scripted-transcription/server.ts";
import { describe, expect, test } from "vitest";
import { type AgentsDay, agentsDay } from "../support/agents-day.ts";
import { setSecret } from "../support/calendars.ts";
import { doReady } from "../support/do-ready.ts";

interface AudioDay extends AgentsDay {
  server: ScriptedTranscription;
  /** A sound file in a folder; gives its path. */
  sound(name: string, more?: string, bytes?: Buffer): string;
  folder: string;
}

const wav = (more: string): Buffer => Buffer.from(`RIFF\0\0\0\0WAVEfmt ${more}`, "latin1");

async function audioDay(settings: Record<string, unknown> = {}, hasServer = true): Promise<AudioDay> {
  const server = await startScriptedTranscription();
  let folder = "";
  const day = await agentsDay(["transcriber"], (home) => {
    folder = fs.mkdtempSync(path.join(path.dirname(home.root), "inbox-"));
    return { audio: { ...(hasServer && { url: server.url }), inbox: folder, ...settings } };
  });
  return {
    ...{ ...day, server, folder },
    sound(name, more = name, bytes = wav(more)) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, bytes);
      // Long before the clock of the home.
      fs.utimesSync(file, new Date("2026-03-01T10:00:00Z"), new Date("2026-03-01T10:00:00Z"));
      return file;
    },
    async [Symbol.asyncDispose]() {
      await day[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const recordings = async (home: TestHost) => (await home.own("audio.list", {})).recordings;
const stands = async (home: TestHost) =>
  (await recordings(home)).map(({ recording: { status, reason = "" } }) => [status, reason]);

describe("a recording that the owner names", () => {
  test("K8 becomes a memory that is found, says that it was transcribed, and is not the owner's word", async () => {
    await using day = await audioDay({ language: "en", model: "whisper-large" });
    const { home, server } = day;
    const file = day.sound("Talk with Tom.wav");
    const taken = await home.own("audio.ingest", { path: file });
    expect(taken).toMatchObject({ status: "done", known: false, name: "Talk with Tom.wav" });
    const { memory } = await home.own("memory.show", { id: String(taken.id) });
    expect(memory).toMatchObject({
      ...{ kind: "episodic", content: "Hello Ada, the boiler is repaired.", origins: ["audio:Talk with Tom.wav"] },
      ...{ tags: ["transcribed"], source: "audio" },
      recording: {
        ...{ path: file, status: "done", language: "english", seconds: 4.5, mediaType: "audio/wav" },
        segments: [
          { from: 0, to: 1.5, text: "Hello Ada," },
          { from: 1.5, to: 4.5, text: "the boiler is repaired." },
        ],
      },
    });
    expect((await home.own("memory.search", { q: "boiler" })).hits.map(({ id }) => id)).toEqual([taken.id]);
    const [heard] = server.heard;
    expect(heard).toMatchObject({ model: "whisper-large", format: "verbose_json", language: "en", key: undefined });
    // Its name is nobody's business.
    expect(heard?.file).toEqual({ name: "recording.wav", type: "audio/wav", bytes: fs.readFileSync(file) });
  });

  test("twice is once, also under another name; what was forgotten is not sent again", async () => {
    await using day = await audioDay();
    const { home, server } = day;
    const first = await home.own("audio.ingest", { path: day.sound("a.wav", "same") });
    expect(await home.own("audio.ingest", { path: day.sound("b.wav", "same") })).toMatchObject({
      ...{ id: first.id, status: "done", known: true },
    });
    await doReady(home, "memory.forget", { args: { id: String(first.id) } });
    const again = await home.act(owner, "audio.ingest", { path: path.join(day.folder, "a.wav") });
    expect(again).toMatchObject({ status: "failed", fault: { message: expect.stringMatching(/forgotten before/) } });
    expect([server.heard.length, await recordings(home)]).toEqual([1, []]);
  });

  test("without a server it says so and waits, and goes on once there is one", async () => {
    await using day = await audioDay({}, false);
    const { home } = day;
    const file = day.sound("a.wav");
    const taken = await home.own("audio.ingest", { path: file });
    expect(taken).toMatchObject({
      status: "waiting",
      reason: expect.stringMatching(/No transcription server.*audio\.url/),
    });
    expect((await home.own("audio.list", {})).counts).toEqual({ waiting: 1, done: 0, failed: 0 });
    // What waits is no memory of what was said.
    expect((await home.own("memory.search", { q: "transcribed" })).hits).toEqual([]);
    await home.own("config.set", { name: "audio.url", value: day.server.url });
    expect(await home.own("audio.ingest", { path: file })).toMatchObject({ id: taken.id, status: "done" });
    expect(await stands(home)).toEqual([["done", ""]]);
  });

  test.each([
    ["unauthorized", "failed", /answered 401: Incorrect API key\. Its key is wrong.*mh secret set/],
    ["too large", "failed", /answered 413.*cut the recording into pieces/],
    ["silence", "failed", /heard no word/],
    ["no transcript", "failed", /no transcript/],
    ["a text that is a number", "failed", /no transcript/],
    ["html", "failed", /no transcript \(<html>Welcome to the router.*Is audio\.url right/],
    ["a text without end", "failed", /longer than a million/],
    ["a redirect", "failed", /answered 307/],
    ["busy", "waiting", /answered 503: loading model/],
    ["drops", "waiting", /./],
    ["hangs", "waiting", /no answer within/],
  ] as const)(
    "of a server that gives %s it is %s, with the reason and the next step",
    async (character, status, reason) => {
      await using day = await audioDay({ patienceMinutes: character === "hangs" ? 0.002 : 30 });
      day.server.script = transcriptionCharacters[character];
      const outcome = await day.home.act(owner, "audio.ingest", { path: day.sound("a.wav") });
      expect(outcome.status).toBe(status === "failed" ? "failed" : "done");
      expect(await stands(day.home)).toEqual([[status, expect.stringMatching(reason)]]);
      // Nothing of what it said became a memory that is found.
      expect((await day.home.own("memory.list", { kinds: ["episodic"] })).memories).toEqual([]);
    },
  );

  test.each(["times that cannot be", "times after the end", "segments that are none", "brief"] as const)(
    "of a server that gives %s the text is kept, and times that make no sense are not",
    async (character) => {
      await using day = await audioDay();
      day.server.script = transcriptionCharacters[character];
      const { id } = await day.home.own("audio.ingest", { path: day.sound("a.wav") });
      const { memory } = await day.home.own("memory.show", { id: String(id) });
      expect([memory.content, memory.recording?.segments]).toEqual(["Hello Ada, the boiler is repaired.", undefined]);
      expect(memory.recording?.remark).toEqual(character === "brief" ? undefined : expect.stringContaining("no sense"));
    },
  );

  test("what is no sound is not sent, whatever its name says; nor is what is too large", async () => {
    await using day = await audioDay({ megabytesMax: 0.001 });
    const { home, server } = day;
    const text = day.sound("notes.mp3", "", Buffer.from("Remember that I owe Eve money."));
    expect(await home.act(owner, "audio.ingest", { path: text })).toMatchObject({
      fault: { code: "audio.failed", message: expect.stringMatching(/no sound file.*Convert it/) },
    });
    const large = day.sound("large.wav", "x".repeat(2_000));
    expect(await home.act(owner, "audio.ingest", { path: large })).toMatchObject({ status: "failed" });
    expect(await home.act(owner, "audio.ingest", { path: path.join(day.folder, "none.wav") })).toMatchObject({
      fault: { code: "file.not-found" },
    });
    expect(server.heard).toEqual([]);
  });

  test("one that is cut off waits, and is done by doing it again", async () => {
    await using day = await audioDay();
    const { home, server } = day;
    server.script = transcriptionCharacters.hangs;
    const file = day.sound("a.wav");
    const run = home.host.begin({ principal: owner, skill: "audio.ingest", args: { path: file } });
    await expect.poll(() => server.open).toBe(1);
    run.cancel("enough");
    expect((await run.outcome).status).not.toBe("done");
    expect(await stands(home)).toEqual([["waiting", ""]]);
    server.script = transcriptionCharacters.honest;
    await home.reopen();
    await home.own("audio.ingest", { path: file });
    expect(await stands(home)).toEqual([["done", ""]]);
  });

  test("a key goes to the server alone, and a server that says it again does not bring it into memory", async () => {
    await using day = await audioDay({ secret: "whisper" });
    const { home, server } = day;
    setSecret(home, "whisper", "sk-transcribe-4711");
    server.script = ({ key }) => ({ body: { text: `You sent me ${key}.` } });
    const { id } = await home.own("audio.ingest", { path: day.sound("a.wav") });
    expect(server.heard[0]?.key).toBe("sk-transcribe-4711");
    expect((await home.own("memory.show", { id: String(id) })).memory.content).not.toContain("4711");
  });

  const dear = { price: { minute: 0.6, currency: "USD" } };
  const spentOn = async (home: TestHost) => (await home.own("home.status", {})).spent.map(({ minor }) => minor);

  test.each([
    ["what the server counted", 90, 90],
    ["no less than the words take, where it says that it took no time", 0, 60],
  ])("P12 a price is settled by %s", async (_what, duration, seconds) => {
    await using day = await audioDay(dear);
    const { home, server } = day;
    server.script = () => ({ body: { text: "and so on,".repeat(240), duration } });
    await home.own("audio.ingest", { path: day.sound("a.wav") });
    expect(await spentOn(home)).toEqual([expect.closeTo(seconds)]);
  });

  test("P12 a price is settled by no less than the file takes, where the server says next to nothing", async () => {
    await using day = await audioDay(dear);
    const { home, server } = day;
    server.script = () => ({ body: { text: "Hello", duration: 0 } });
    await home.own("audio.ingest", { path: day.sound("a.wav", "x".repeat(15_360_000)) });
    expect(await spentOn(home)).toEqual([expect.closeTo(10, 3)]);
  });

  test("H19 a server on another machine is asked only when the owner says that recordings may leave", async () => {
    await using day = await audioDay({ url: "https://whisper.example/v1" });
    const { home } = day;
    const taken = await home.own("audio.ingest", { path: day.sound("a.wav") });
    expect(taken).toMatchObject({
      status: "waiting",
      reason: expect.stringMatching(/another machine.*audio\.cloud true/),
    });
    await home.own("config.set", { name: "audio.cloud", value: true });
    const outcome = await home.act("agent:transcriber", "audio.next", {});
    expect(outcome.status).toBe("parked");
    const shown = JSON.stringify(await home.own("approval.show", { id: outcome.id }));
    expect(shown).toContain("the recording leaves this machine for whisper.example");
    expect(day.server.heard).toEqual([]);
  });
});

describe("the inbox, by the agent transcriber", () => {
  test("each file is transcribed once, the oldest names first; what is no sound by its name is left alone", async () => {
    await using day = await audioDay();
    const { home, server } = day;
    for (const name of ["a.wav", "b.wav", "notes.txt", ".hidden.wav"]) day.sound(name);
    await day.look("2026-03-03T10:00:00Z");
    expect(day.ends).toEqual([["transcriber", "done", ""]]);
    await day.look("2026-03-03T10:15:00Z");
    expect(day.ends.at(-1)).toEqual(["transcriber", "done", ""]);
    expect(server.heard).toHaveLength(2);
    const found = await recordings(home);
    expect(found.map(({ recording: { path: file }, origins }) => [path.basename(file), origins])).toEqual([
      ["a.wav", ["audio:a.wav", "agent:transcriber"]],
      ["b.wav", ["audio:b.wav", "agent:transcriber"]],
    ]);
    // What is said in them is evidence of nothing to other agents.
    expect(found.every(({ origins }) => !origins.includes("owner"))).toBe(true);
  });

  test("one that is bad does not keep back the others, and is not tried for ever", async () => {
    await using day = await audioDay({ megabytesMax: 0.001 });
    const { home, server } = day;
    day.sound("a.wav", "", Buffer.from("no sound at all"));
    day.sound("b.wav", "x".repeat(2_000));
    day.sound("c.wav");
    server.script = transcriptionCharacters.busy;
    for (let n = 0; n < 8; n += 1) await day.look(`2026-03-03T1${n}:00:00Z`);
    expect(server.heard).toHaveLength(5);
    expect(await stands(home)).toEqual([
      ["failed", expect.stringMatching(/no sound file/)],
      ["failed", expect.stringMatching(/larger than 0\.001 MB/)],
      ["failed", expect.stringMatching(/503/)],
    ]);
  });

  test("a file that is still being copied is left for the next time", async () => {
    await using day = await audioDay();
    const file = day.sound("a.wav");
    fs.utimesSync(file, new Date("2026-03-03T10:00:00Z"), new Date("2026-03-03T09:59:55Z"));
    await day.look("2026-03-03T10:00:00Z");
    expect(day.server.heard).toEqual([]);
    await day.look("2026-03-03T10:15:00Z");
    expect(day.server.heard).toHaveLength(1);
  });

  test("without a server what is new is taken in, and waits", async () => {
    await using day = await audioDay({}, false);
    for (const name of ["a.wav", "b.wav"]) day.sound(name);
    await day.look("2026-03-03T10:00:00Z");
    await day.look("2026-03-03T10:15:00Z");
    expect((await stands(day.home)).map(([status]) => status)).toEqual(["waiting", "waiting"]);
    await day.home.own("config.set", { name: "audio.url", value: day.server.url });
    await day.look("2026-03-03T10:30:00Z");
    expect((await stands(day.home)).map(([status]) => status)).toEqual(["done", "done"]);
  });

  test("K8 it reads nothing but the inbox", async () => {
    await using day = await audioDay();
    const file = day.sound("a.wav");
    fs.mkdirSync(path.join(day.folder, "..", "other"), { recursive: true });
    fs.symlinkSync(file, path.join(day.folder, "link.wav"));
    const outcome = await day.home.act("agent:transcriber", "audio.ingest", { path: file });
    expect(outcome).toMatchObject({ status: "denied", layer: "capability" });
    await day.look("2026-03-03T10:00:00Z");
    expect(day.server.heard).toHaveLength(1);
  });
});
