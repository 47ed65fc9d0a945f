import type { MemoryRecord } from "@mh/contract/values/memory.ts";
import { type ObservedSource, observedSources } from "@mh/contract/values/observed-sources.ts";
import { z } from "zod";
import { canonicalPath } from "../disk/outside-path.ts";
import type { Config } from "../model/config.ts";
import { defineSettings } from "../settings/section.ts";

const sourceSchema = z
  .looseObject({
    on: z.boolean().default(false),
    /** Absolute. Where they are left out, the usual places of this machine. */
    paths: z
      .array(z.string().startsWith("/", { error: "a path is absolute" }).max(4_000))
      .max(50)
      .default([]),
  })
  .prefault({});

/** What is observed of the owner: nothing that they did not turn on. */
export const observeSettings = defineSettings(
  "observe",
  z.looseObject({ shell: sourceSchema, git: sourceSchema, browser: sourceSchema, files: sourceSchema }).prefault({}),
  {
    values: observedSources,
    isFree: (_key, value) => (value as { on?: unknown } | undefined)?.on !== true,
  },
);

/** Where each source lies, if its owner names no other place; of Git there is no usual place. */
const usual: Readonly<Record<ObservedSource, readonly string[]>> = {
  shell: [".bash_history", ".zsh_history", ".local/share/fish/fish_history"],
  git: [],
  browser: [
    ".config/google-chrome/Default/History",
    ".config/chromium/Default/History",
    "Library/Application Support/Google/Chrome/Default/History",
  ],
  files: [".local/share/recently-used.xbel"],
};

/** All that a source may read. A browser's history is a database, which may have a log of its latest changes beside it. */
export function placesOf(config: Config, source: ObservedSource, userFolder: string): string[] {
  const files = filesOf(config, source, userFolder);
  return source === "browser" ? files.flatMap((file) => [file, walOf(file)]) : files;
}

export const walOf = (file: string): string => `${file}-wal`;

/** The files of a source. Of a Git folder it is the list of what its head was. */
export function filesOf(config: Config, source: ObservedSource, userFolder: string): string[] {
  const { paths } = observeSettings.of(config)[source];
  const named = paths.length > 0 ? paths : usual[source].map((path) => `${userFolder}/${path}`);
  const files = source === "git" ? named.map((folder) => `${folder}/.git/logs/HEAD`) : named;
  return files.map(canonicalPath);
}

export const isObserved = (config: Config, source: ObservedSource): boolean => observeSettings.of(config)[source].on;

/** Whether a memory was observed and nobody else had a hand in it: a source is what an import says it is. */
export const isObservedOnly = ({ source, origins }: MemoryRecord): boolean =>
  source.startsWith("observed:") && origins.length > 0 && origins.every((origin) => origin.startsWith("observed:"));
