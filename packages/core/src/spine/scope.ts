import type { Scope } from "../model/effect.ts";

/** Whether everything that a command touches is in what was granted. A command that touches nothing is. */
export function covers(granted: Scope, scope: Scope): boolean {
  const isIn = (list: readonly string[] = [], value: string) => list.includes(value.toLowerCase());
  return (
    (scope.paths ?? []).every((path) => (granted.paths ?? []).some((folder) => isInside(folder, path))) &&
    (scope.hosts ?? []).every((host) => isIn(granted.hosts, host)) &&
    (scope.recipients ?? []).every((recipient) => isIn(granted.recipients, recipient))
  );
}

/** By whole path segments, never by substring; both are absolute and resolved. */
export function isInside(folder: string, path: string): boolean {
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  return path === folder || path.startsWith(base);
}
