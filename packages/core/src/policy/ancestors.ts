/** Every folder that holds an absolute path, and itself: `/a/b` is in `/`, `/a` and `/a/b`. */
export function foldersOf(path: string): string[] {
  const parts = path.split("/").filter(Boolean);
  let folder = "";
  return ["/", ...parts.map((part) => (folder += `/${part}`))];
}

/** A host and the domains above it: `a.example.org` is of `example.org` and of `org`. */
export function domainsOf(host: string): string[] {
  const labels = host.split(".");
  return labels.map((_, n) => labels.slice(n).join("."));
}

/** What all of several lists have in common; nothing where there is no list. */
export function common(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...rest] = lists;
  const others = rest.map((list) => new Set(list));
  return first.filter((each) => others.every((list) => list.has(each)));
}
