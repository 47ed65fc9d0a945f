import type { Context, MiddlewareHandler } from "hono";
import type { AppEnv } from "./request-note.ts";
import { type SiteFile, SiteFiles, workerName } from "./site-files.ts";

const fixedFor = "private, max-age=31536000, immutable";
const contentEncoding = { br: "br", gz: "gzip" } as const;

/** Pages, scripts, styles and fonts of the site, without a token: there is nothing of the owner's in them. */
export function siteRoute(site = new SiteFiles()): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const isLook = c.req.method === "GET" || c.req.method === "HEAD";
    const found = isLook ? site.find(c.req.path) : undefined;
    if (!found) return await next();
    c.env.note.route = "site";
    return answer(c, site, found) ?? (await next());
  };
}

function answer(c: Context<AppEnv>, site: SiteFiles, found: SiteFile): Response | undefined {
  const { type, hash, isFixed, scripts, styles, encodings } = found;
  const tag = `"${hash}"`;
  const headers = {
    "content-type": type,
    "cache-control": isFixed ? fixedFor : "private, no-cache",
    etag: tag,
    vary: "accept-encoding",
    ...(type.startsWith("text/html") && { "content-security-policy": pagePolicy(scripts, styles) }),
    ...(found.file === workerName && { "content-security-policy": workerPolicy }),
  };
  if (
    c.req
      .header("if-none-match")
      ?.split(/\s*,\s*/)
      .includes(tag)
  )
    return c.body(null, 304, headers);
  const accepted = c.req.header("accept-encoding") ?? "";
  const encoding = encodings.find((each) =>
    new RegExp(`\\b${contentEncoding[each]}\\b(?!\\s*;\\s*q=0(?:\\D|$))`).test(accepted),
  );
  const bytes = site.read(found, encoding);
  if (!bytes) return undefined;
  return c.body(bytes, 200, { ...headers, ...(encoding && { "content-encoding": contentEncoding[encoding] }) });
}

/** The service worker is one file, and speaks to the daemon that it came from. */
const workerPolicy =
  "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/**
 * What a page of ours may do: run our own scripts and those of its text that the build hashed, and speak to the daemon it
 * came from. No HTML is made of text but by Svelte's own templates, whose policy has this name.
 */
function pagePolicy(scripts: readonly string[], styles: readonly string[]): string {
  const hashes = (each: readonly string[]) => each.map((hash) => ` 'sha256-${hash}'`).join("");
  const rules = [
    "default-src 'none'",
    `script-src 'self'${hashes(scripts)}`,
    `style-src 'self'${hashes(styles)}`,
    ...["img-src 'self'", "font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
    ...["require-trusted-types-for 'script'", "trusted-types svelte-trusted-html mh-worker"],
  ];
  return rules.join("; ");
}
