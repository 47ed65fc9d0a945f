import * as fs from "node:fs";
import { journalReader } from "@mh/host/audit/journal-reader.ts";
import { loadKeys } from "@mh/host/home/keys.ts";
import { keyFolder } from "@mh/host/places.ts";
import type { TestHost } from "@mh/testing";

/** What is needed to look records of a home up from its files. */
export function lookupDeps(home: TestHost) {
  const { id } = JSON.parse(fs.readFileSync(home.file("home.json"), "utf8")) as { id: string };
  const { hmacKey, indexKey } = loadKeys(keyFolder(id, home.environment));
  return { ...journalReader(home.root, home.environment), hmacKey, indexKey };
}
