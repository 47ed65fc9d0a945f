import { convert } from "html-to-text";

const htmlMax = 500_000;
/** The parser's time grows with the square of how deep elements stand in each other. */
const elementsMax = 10_000;

/** An HTML-only mail as a person would read it: no pictures, links as their words. `isCut` where there was too much. */
export function textOfHtml(html: string): { text: string; isCut: boolean } {
  // Styles are most of a newsletter; without them the rest fits.
  const shown = without(without(html, "style"), "script");
  const begun = beginning(shown);
  const text = convert(begun, {
    wordwrap: false,
    limits: { maxInputLength: htmlMax, maxDepth: 200, maxChildNodes: 20_000 },
    selectors: [
      { selector: "img", format: "skip" },
      { selector: "a", options: { ignoreHref: true } },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
  return { text, isCut: begun.length < shown.length };
}

function beginning(html: string): string {
  const start = html.slice(0, htmlMax);
  let elements = 0;
  for (const { index } of start.matchAll(/<[a-z]/gi)) {
    elements += 1;
    if (elements > elementsMax) return start.slice(0, index);
  }
  return start;
}

/** Without the elements of that name; one that never closes takes the rest along, as it does in a browser. */
function without(html: string, name: string): string {
  // Letter by letter: lower case of some letters is longer, and nothing would stand where it is looked for.
  const lower = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const kept: string[] = [];
  let at = 0;
  for (let open = lower.indexOf(`<${name}`); open !== -1; open = lower.indexOf(`<${name}`, at)) {
    kept.push(html.slice(at, open));
    const close = lower.indexOf(`</${name}>`, open);
    at = close === -1 ? html.length : close + name.length + 3;
  }
  return kept.join("") + html.slice(at);
}
