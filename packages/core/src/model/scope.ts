import type { Scope } from "@mh/contract/values/effect.ts";

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

/** A scope as what commands touch is written: hosts and recipients in small letters, folders without a slash at the end. */
export function normalScope({ paths, hosts, recipients }: Scope): Scope {
  const small = (values: readonly string[]) => values.map((value) => value.normalize("NFC").toLowerCase());
  return {
    ...(paths && { paths: paths.map((path) => (path === "/" ? path : path.replace(/\/{1,64}$/, ""))) }),
    ...(hosts && { hosts: small(hosts) }),
    ...(recipients && { recipients: small(recipients) }),
  };
}

/** Everything that a scope names. */
export const placesOf = ({ paths = [], hosts = [], recipients = [] }: Scope): string[] => [
  ...paths,
  ...hosts,
  ...recipients,
];

/** What a command touches outside what was granted. */
export const placesBeyond = (granted: Scope, { paths = [], hosts = [], recipients = [] }: Scope): string[] => [
  ...paths.filter((path) => !covers(granted, { paths: [path] })),
  ...hosts.filter((host) => !covers(granted, { hosts: [host] })),
  ...recipients.filter((recipient) => !covers(granted, { recipients: [recipient] })),
];
