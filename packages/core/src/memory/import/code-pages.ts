/** A text in a code page, and what that is called. */
export interface Guessed {
  text: string;
  name: string;
}

const sampleBytes = 16_384;
/** Before the first letter beyond ASCII: the word that it stands in. */
const wordBytes = 64;

interface Page {
  name: string;
  label: string;
  /** The letters that most of a text in its script is made of. */
  common: RegExp;
  script: RegExp;
}

const latin = /\p{Script=Latin}/u;
const cyrillic = { common: /[оеаинтсрвлкмдпуяыьiі]/iu, script: /\p{Script=Cyrillic}/u };
const pages: readonly Page[] = [
  { name: "Windows-1252", label: "windows-1252", common: latin, script: latin },
  { name: "Windows-1250", label: "windows-1250", common: latin, script: latin },
  { name: "Macintosh", label: "macintosh", common: latin, script: latin },
  { name: "Windows-1251", label: "windows-1251", ...cyrillic },
  { name: "KOI8-R", label: "koi8-r", ...cyrillic },
  { name: "IBM866", label: "ibm866", ...cyrillic },
  { name: "Windows-1253", label: "windows-1253", common: /[αοιετσνηυρπκμλωςάέήίό]/iu, script: /\p{Script=Greek}/u },
];

/**
 * The text of bytes that are no Unicode, in the code page in which they look most like words: one of East Asia by how its
 * bytes come in pairs, else the one whose letters have the case and company that letters have.
 */
export function inCodePage(bytes: Uint8Array): Guessed {
  // A long head of plain letters says nothing of those that follow.
  const first = bytes.findIndex((byte) => byte > 0x7f);
  const from = Math.max(0, first - wordBytes);
  const sample = bytes.subarray(from, from + sampleBytes);
  const label = pairedIn(sample);
  if (label !== undefined) return { text: new TextDecoder(label.label).decode(bytes), name: label.name };
  const scored = pages.map((page) => ({ page, odd: oddIn(new TextDecoder(page.label).decode(sample), page) }));
  const { page } = scored.reduce((best, each) => (each.odd < best.odd ? each : best));
  return { text: new TextDecoder(page.label).decode(bytes), name: page.name };
}

/** How much of a text looks like no words of its script: the less, the better. */
function oddIn(text: string, { common, script }: Page): number {
  let odd = 0;
  for (const [word] of text.matchAll(/[^\s\p{ASCII}]*(?:[\p{L}\p{M}]|[^\p{ASCII}\s])+/gu)) {
    const foreign = [...word].filter((letter) => letter > "\u007f");
    if (foreign.length === 0) continue;
    const letters = foreign.filter((letter) => script.test(letter));
    // A sign within a word, a small letter before a capital, letters of two scripts.
    odd += foreign.filter((letter) => !/[\p{L}\p{M}’‘“”«»–—…„‚€]/u.test(letter)).length * 2;
    odd += /\p{Ll}\p{Lu}/u.test(word) ? 2 : 0;
    odd += foreign.length - letters.length;
    if (script === latin) odd += /[^\p{ASCII}]{3}/u.test(word) ? 2 : 0;
    else odd += (/[A-Za-z]/.test(word) ? 2 : 0) + letters.filter((letter) => !common.test(letter)).length * 0.4;
  }
  return odd;
}

/** Which of the codes with two bytes a letter it is, by where the first bytes lie. */
function pairedIn(sample: Uint8Array): { name: string; label: string } | undefined {
  const fits = (label: string, leads: (lead: number, trail: number) => boolean, least: number) => {
    const pairs = pairsIn(sample, label === "shift_jis");
    const isDecoded = !decodedStrictly(sample, label).includes("\uFFFD");
    return isDecoded && pairs.length >= 4 && pairs.filter(([a, b]) => leads(a, b)).length >= least * pairs.length;
  };
  const within = (byte: number, from: number, to: number) => byte >= from && byte <= to;
  if (fits("shift_jis", (lead) => within(lead, 0x82, 0x83), 0.25)) return { name: "Shift_JIS", label: "shift_jis" };
  if (fits("euc-jp", (lead) => within(lead, 0xa4, 0xa5), 0.25)) return { name: "EUC-JP", label: "euc-jp" };
  if (
    fits("big5", (_, trail) => within(trail, 0x40, 0x7e), 0.2) &&
    fits("big5", (lead) => within(lead, 0xa1, 0xc6), 0.95)
  )
    return { name: "Big5", label: "big5" };
  if (fits("euc-kr", (lead) => within(lead, 0xa1, 0xc8), 0.97)) return { name: "EUC-KR", label: "euc-kr" };
  if (fits("gb18030", (lead) => within(lead, 0xa1, 0xd7), 0.9)) return { name: "GB18030", label: "gb18030" };
  return undefined;
}

/** The last letter of a sample may be cut. */
const decodedStrictly = (sample: Uint8Array, label: string): string => {
  const text = new TextDecoder(label).decode(sample);
  return sample.length < sampleBytes ? text : text.slice(0, -1);
};

/** High bytes, each with the one behind it; in Shift_JIS those of half a width stand alone. */
function pairsIn(sample: Uint8Array, hasHalves: boolean): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at + 1 < sample.length; at += 1) {
    const lead = sample[at] as number;
    if (lead < 0x81 || (hasHalves && lead >= 0xa1 && lead <= 0xdf)) continue;
    pairs.push([lead, sample[at + 1] as number]);
    at += 1;
  }
  return pairs;
}
