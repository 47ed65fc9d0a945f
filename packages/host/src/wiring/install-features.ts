import { Fault } from "@mh/contract/values/fault.ts";
import type { DocumentKind } from "@mh/core/documents/document.ts";
import type { DocumentParts, Feature, Installed, MaintenanceJob, Service } from "@mh/core/feature.ts";
import type { Skill } from "@mh/core/kernel/skill.ts";
import { kernelTables } from "@mh/core/kernel/state.ts";
import type { TableSet } from "@mh/core/kernel/tables.ts";
import { SettingsForm } from "@mh/core/settings/settings-form.ts";
import type { HomeParts } from "./home-parts.ts";

type Features = readonly Feature<HomeParts>[];

/** The shipped features and others beside them. Throws `skill.misdeclared` where two have one name. */
export function withFeatures(shipped: Features, more: Features = []): Features {
  const all = [...shipped, ...more];
  const twin = all.find(({ name }, at) => all.findIndex((each) => each.name === name) < at);
  if (twin) throw new Fault("skill.misdeclared", `Two features are called ${twin.name}.`);
  return all;
}

/** Every table that is folded from the journal, the kernel's first. */
export const tablesOfFeatures = (features: Features): TableSet[] => [
  kernelTables,
  ...features.flatMap(({ tables = [] }) => tables),
];

/** `config.yaml` as these features make it. */
export const formOf = (features: Features): SettingsForm =>
  new SettingsForm(features.flatMap(({ settings = [] }) => settings));

/** Every kind of file in a home that its owner may edit by hand, but for the rules. */
export const documentsOf = (features: Features, parts: DocumentParts): DocumentKind[] =>
  features.flatMap((feature) => feature.documents?.(parts) ?? []);

/** Installs features into an open home: their skills, and then what they do once all skills are there. */
export function installFeatures(
  features: Features,
  parts: HomeParts,
  more: readonly Skill[],
  shipped: Features,
): { maintenance: MaintenanceJob[]; services: Service[] } {
  const installed = features.map((feature): Installed => feature.install?.(parts) ?? {});
  parts.waiting.push(...installed.flatMap(({ waits = [] }) => waits));
  for (const [n, { skills = [] }] of installed.entries()) {
    parts.registry.add(...skills);
    if (shipped.includes(features[n] as Feature<HomeParts>))
      for (const { contract } of skills) parts.shippedSkills.add(contract.name);
  }
  parts.registry.add(...more);
  for (const each of installed) each.opened?.();
  return {
    maintenance: installed.flatMap(({ maintenance = [] }) => maintenance),
    services: installed.flatMap(({ services = [] }) => services),
  };
}
