// What a feature is made of, shipped or from elsewhere: everything that `@mh/core/feature` offers.
import type { Waiting } from "@mh/contract/adoption.ts";
import type { DocumentKind } from "./documents/document.ts";
import type { HomeBasics } from "./kernel/feature-parts.ts";
import type { QueryContext, Skill } from "./kernel/skill.ts";
import type { TableSet } from "./kernel/tables.ts";
import type { Crypto } from "./ports/crypto.ts";
import type { SettingsSection } from "./settings/section.ts";
import type { SettingsForm } from "./settings/settings-form.ts";

export { Fault } from "@mh/contract/values/fault.ts";
export { type DocumentKind, documentText, freePath, idOfPath, writeDocument } from "./documents/document.ts";
export { editMarkdown, makeMarkdown, readMarkdown } from "./documents/markdown.ts";
export {
  always,
  type Classification,
  type CommandContext,
  defineAdmin,
  defineOutside,
  defineOwn,
  defineQuery,
  type OutsideContext,
  type OutsideSkill,
  type OwnContext,
  OwnerAsked,
  type OwnSkill,
  type QueryContext,
  type QuerySkill,
  type Skill,
  type Stored,
} from "./kernel/skill.ts";
export type { TableSet } from "./kernel/tables.ts";
export type { Database } from "./ports/database.ts";
export { defineSettings, type SettingsSection } from "./settings/section.ts";

/** What a feature is given of the home that it is installed in. */
export interface FeatureParts extends HomeBasics {
  /** Every kind of file that the owner may edit by hand. */
  kinds: readonly DocumentKind[];
  /** How `config.yaml` is read and changed. */
  form: SettingsForm;
}

/** A command of the owner's that the daemon gives by itself, at most so often. It passes the gate like any other. */
export interface MaintenanceJob {
  skill: string;
  everyMs: number;
  isDue: () => boolean;
}

/** Something that lives as long as the daemon holds the home. Disposing it takes five seconds at most. */
export interface Service {
  name: string;
  start(): AsyncDisposable | Promise<AsyncDisposable>;
}

/** Tells what of one kind was put or changed by hand, and waits for the owner to adopt it. */
export type WaitingSource = (context: QueryContext) => readonly Waiting[] | Promise<readonly Waiting[]>;

/** What a feature brings into one open home. */
export interface Installed {
  skills?: readonly Skill[];
  maintenance?: readonly MaintenanceJob[];
  services?: readonly Service[];
  waits?: readonly WaitingSource[];
  /** Called once every feature's skills are registered. */
  opened?(): void;
}

/** What kinds of files are made with. */
export interface DocumentParts {
  crypto: Crypto;
  form: SettingsForm;
  readObject: (name: string) => string | undefined;
}

/** One part of the product, in a folder of its own and named in one line of the wiring. */
export interface Feature<Parts = FeatureParts> {
  /** Lower case, with dashes. */
  readonly name: string;
  /** What it folds from the journal. */
  readonly tables?: readonly TableSet[];
  /** Its sections of `config.yaml`. */
  readonly settings?: readonly SettingsSection[];
  /** Its files that the owner may edit by hand. */
  documents?(parts: DocumentParts): readonly DocumentKind[];
  install?(parts: Parts): Installed;
}

export const defineFeature = <Parts = FeatureParts>(feature: Feature<Parts>): Feature<Parts> => feature;
