/** Put in by the build: its own name, pages and what stands beside them, and files whose names change with their bytes. */
declare const BUILD: string;
declare const PAGES: readonly string[];
declare const FIXED: readonly string[];

const cacheName = `mh-${BUILD}`;
/** A phone that left the network at home waits for no answer: what was kept is shown, and looked at anew once mh is back. */
const patienceMs = 4_000;

/** Keeps this build whole. A file that cannot be fetched ends the installation: the worker before it stays. */
export async function keepSite(): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.addAll([...PAGES, ...FIXED].map((path) => new Request(path, { cache: "no-cache" })));
}

export async function dropOldBuilds(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}

/**
 * The answer to a request for a file of the site; undefined for everything else, which goes to the daemon as if nobody stood
 * between. Pages come from the daemon whenever it answers, so that no page of an old build meets a new daemon.
 */
export function keptAnswer(request: Request): Promise<Response> | undefined {
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return undefined;
  if (FIXED.includes(pathname)) return kept(pathname).then((found) => found ?? fetch(request));
  if (PAGES.includes(pathname)) return fromDaemon(request, pathname);
  return undefined;
}

async function fromDaemon(request: Request, pathname: string): Promise<Response> {
  const away = AbortSignal.timeout(patienceMs);
  try {
    return await fetch(request, { signal: away });
  } catch (error) {
    const found = await kept(pathname);
    if (found) return found;
    throw error;
  }
}

const kept = async (pathname: string): Promise<Response | undefined> =>
  (await caches.open(cacheName)).match(pathname, { ignoreVary: true });
