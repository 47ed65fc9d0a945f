import type { Permissions } from "@mh/contract/contract.ts";
import type { Scope } from "@mh/contract/values/effect.ts";
import { isInside } from "../model/scope.ts";

/** The first thing in a scope that no permission covers; undefined where all of it is covered. */
export function notPermitted({ paths = [], hosts = [] }: Permissions, scope: Scope): string | undefined {
  const path = scope.paths?.find((touched) => !paths.some((allowed) => coversPath(allowed, touched)));
  return path ?? scope.hosts?.find((host) => !hosts.some((allowed) => coversHost(allowed, host)));
}

const coversPath = (allowed: string, path: string): boolean =>
  allowed === "*" || allowed === "settings" || isInside(allowed, path);

const coversHost = (allowed: string, host: string): boolean =>
  allowed === "*" || allowed === "settings" || allowed === "judged" || allowed === host;
