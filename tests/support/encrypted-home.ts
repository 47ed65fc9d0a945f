import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { agent } from "@mh/contract/values/principal.ts";
import { nodeFiles } from "@mh/host/adapters/node-files.ts";
import { encryptHome } from "@mh/host/encryption/switch-on.ts";
import { createHome, readHome } from "@mh/host/home/home-file.ts";
import { keyFolder } from "@mh/host/places.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { filesBelow } from "./files-below.ts";
import { forget } from "./forget.ts";

export const passphrase = "correct horse battery";

/** A home that is encrypted before anything is written in it, and open. */
export async function makeEncryptedHome(options: HostOptions = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-sealed-"));
  const root = path.join(folder, "home");
  const environment = { HOME: folder };
  createHome(root, environment, { owner: "Ada", timeZone: "Europe/Berlin" });
  await encryptHome(root, environment, passphrase);
  return makeHost({ ...options, root, environment });
}

export const keysOf = (root: string, environment: Record<string, string | undefined>): string =>
  keyFolder(readHome(nodeFiles(root), root).id, environment);

/** Files whose bytes hold one of these words. */
export function filesWith(root: string, words: readonly string[]): string[] {
  const found = filesBelow(root).filter((file) => {
    const bytes = fs.readFileSync(file, "latin1");
    return words.some((word) => bytes.includes(Buffer.from(word).toString("latin1")));
  });
  return found.map((file) => path.relative(root, file));
}

/** Files whose paths hold one of these words. */
export const filesWithNames = (folder: string, words: readonly string[]): string[] =>
  filesBelow(folder)
    .map((file) => path.relative(folder, file))
    .filter((file) => words.some((word) => file.includes(word)));

/** Words that stand in whatever a home can be told. */
export const planted = ["Zanzibar", "zanzibar", "quokka", "Quokka"];

/** Tells a home of each kind of thing that it keeps, in those words; gives the memory that was edited. */
export async function fill(home: TestHost): Promise<string> {
  const { id } = await home.own("memory.capture", { text: "Sarah hides the quokka in Zanzibar" });
  await home.own("memory.edit", { id, text: "Sarah hides the quokka near Zanzibar" });
  await home.own("memory.capture", { text: "Tea with Tom, and no quokka" });
  const { id: gone } = await home.own("memory.capture", { text: "The quokka sleeps" });
  await forget(home, gone);
  await home.own("memory.learn", { title: "Feed the quokka", text: "In Zanzibar, at noon." });
  await home.own("task.add", { title: "Call Zanzibar about the quokka" });
  await home.own("fact.add", { subject: "Quokka", predicate: "lives-in", object: "Zanzibar" });
  await home.own("persona.update", { section: "values", text: "Never sell the quokka to Zanzibar." });
  await home.own("snapshot.create", { name: "quokka" });
  await home.own("config.set", { name: "owner", value: "Quokka" });
  await home.own("file.write", { path: "quokka.txt", text: "Zanzibar" });
  const rule = '// About the quokka\nforbid (principal == mh::Principal::"agent:zanzibar", action, resource);';
  await home.own("policy.write", { name: "animals.cedar", text: rule });
  await home.own("history.undo", {});
  await home.act(agent("quokka"), "outbox.append", { text: "To Zanzibar" });
  await home.own("memory.search", { q: "where is the quokka" });
  return id;
}
