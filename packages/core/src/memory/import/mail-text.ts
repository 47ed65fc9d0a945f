import { convert } from "html-to-text";

const htmlMax = 2_000_000;

/** An HTML-only mail as a person would read it: no pictures, links as their words, tables line by line. */
export function textOfHtml(html: string): string {
  return convert(html.slice(0, htmlMax), {
    wordwrap: false,
    limits: { maxInputLength: htmlMax, maxDepth: 200, maxChildNodes: 20_000 },
    selectors: [
      { selector: "img", format: "skip" },
      { selector: "a", options: { ignoreHref: true } },
      ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
}
