import { Fault } from "@mh/contract/values/fault.ts";
import { z } from "zod";
import { defineOutside } from "../kernel/legacy.ts";
import { oneLine, storable } from "../memory/import/bounded.ts";
import { webUrlSchema } from "../model/web-url.ts";
import type { Http } from "../ports/http.ts";
import { classifyFetch, getFromWeb, type WebAnswer } from "./web-get.ts";
import { fillSecrets, requestHeadersSchema, type SecretFor, withoutSecretsIn } from "./web-secrets.ts";
import { textOf } from "./web-text.ts";

const input = z.strictObject({
  url: webUrlSchema,
  /** Beside the usual ones. `{{secret:NAME}}` stands for a secret: see web-secrets.ts. */
  headers: requestHeadersSchema.optional(),
});
const output = z.strictObject({
  /** Where the text came from, after redirects on the same host. */
  url: z.string(),
  type: z.string().optional(),
  title: z.string().optional(),
  text: z.string().optional(),
  /** A very long page: only its beginning is there. */
  isCut: z.boolean().optional(),
  /** It leads to another host, which was not asked for: a command of its own may follow it. */
  redirect: z.string().optional(),
});
type Page = z.infer<typeof output>;

/** Reads a page of the open web as text. What it says is a stranger's word. */
export function fetchWebSkill(deps: { http: Http; secretFor: SecretFor; redact: (text: string) => string }) {
  return defineOutside<z.infer<typeof input>, Page>({
    manifest: {
      name: "web.fetch",
      version: "1.0.0",
      title: "Read a page of the web",
      input,
      output,
      effects: ["fetch"],
      permissions: { hosts: ["*"] },
      control: ["url", "headers"],
      provenance: { types: { url: "url" }, writers: "anyone" },
      undo: null,
      retry: "safe",
      event: "web.fetched",
    },
    classify: classifyFetch,
    async run({ url, headers = {} }, { signal, principal }) {
      const filled = await fillSecrets({ url, headers, principal }, deps.secretFor);
      const accept = "text/html, text/*;q=0.9, */*;q=0.5";
      const answer = await getFromWeb(deps.http, { url, signal, accept, headers: filled });
      return withoutSecretsIn<Page>("redirect" in answer ? answer : await pageOf(answer), deps.redact);
    },
  });
}

async function pageOf(answer: WebAnswer): Promise<Page> {
  const { url, type } = answer;
  if (type === "text/html" || type === "application/xhtml+xml")
    return { url, type, ...(await readHtml(textOf(answer))) };
  if (/^text\/|^application\/(.+\+)?(json|xml)$/.test(type)) return { url, type, text: storable(textOf(answer)) };
  const what = type ? `is ${oneLine(type, 100)}` : "does not say what it is";
  throw new Fault("http.failed", `${new URL(url).host} answered, but ${url} ${what}, and only text can be read here.`);
}

async function readHtml(html: string): Promise<Pick<Page, "title" | "text" | "isCut">> {
  const { textOfHtml } = await import("../memory/import/mail-text.ts");
  const { text, isCut } = textOfHtml(html);
  const title = oneLine(textOfHtml(titleOf(html)).text, 300);
  return { text: storable(text), ...(title && { title }), ...(isCut && { isCut }) };
}

/** What stands in the first title element, as HTML. */
function titleOf(html: string): string {
  const start = html.slice(0, 100_000);
  const open = start.search(/<title[\s>]/i);
  const from = open === -1 ? -1 : start.indexOf(">", open);
  const to = from === -1 ? -1 : start.slice(from).search(/<\/title/i);
  return to === -1 ? "" : start.slice(from + 1, from + to);
}
