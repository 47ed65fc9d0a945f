// How tests of packages get, install and look at one.
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { owner } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import type { TestHost } from "@mh/testing";

export const ofHome = (home: TestHost) => path.dirname(home.root);
export const failure = (outcome: Outcome): string =>
  outcome.status === "failed" ? `${outcome.fault.code} ${outcome.fault.message}` : outcome.status;
export const tryFetch = async (home: TestHost, source: string) =>
  failure(await home.act(owner, "skill.fetch", { source }));
export const show = async (home: TestHost, name = "letters") => (await home.own("skill.show", { name })).skill;

export async function install(home: TestHost, source: string, replaces?: string): Promise<ValueFor<"skill.add">> {
  const { stage, skill } = await home.own("skill.fetch", { source });
  return home.own("skill.add", { stage, hash: skill.hash, ...(replaces && { replaces }) });
}
