import type { OutputOf } from "@mh/contract/contract.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import { webFetch } from "@mh/contract/web.ts";
import { defineOutside } from "../kernel/skill.ts";
import { oneLine, storable } from "../memory/import/bounded.ts";
import type { Http } from "../ports/http.ts";
import { classifyFetch, getFromWeb, type WebAnswer } from "./web-get.ts";
import { fillSecrets, type SecretFor, withoutSecretsIn } from "./web-secrets.ts";
import { textOf } from "./web-text.ts";

type Page = OutputOf<typeof webFetch>;

export function fetchWebSkill(deps: { http: Http; secretFor: SecretFor; redact: (text: string) => string }) {
  return defineOutside(webFetch, {
    stored: "approved",
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
