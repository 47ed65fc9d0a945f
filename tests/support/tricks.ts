/** What a text of others may try on its reader, and how each is shown instead. */
export const tricks: readonly { what: string; text: string; shown: readonly string[] }[] = [
  { what: "direction", text: "Hi Bob\u202e4471 tnuocca\u2066\u2069", shown: ["U+202E", "U+2066", "U+2069"] },
  { what: "terminal", text: "\u001b[31mred\u001b[0m \u009b2J\u0007", shown: ["U+001B", "U+009B", "U+0007"] },
  { what: "lines", text: "x\nundo   can be undone\r\n\u2028\u2029", shown: ["U+000A", "U+000D", "U+2028", "U+2029"] },
  { what: "blanks", text: "a    b\u00a0c\u3000d\te", shown: ["U+0020 ×4", "U+00A0", "U+3000", "U+0009"] },
  { what: "zero width", text: "a\u200bb\u2060c\ufeffd\u00ade", shown: ["U+200B", "U+2060", "U+FEFF", "U+00AD"] },
  { what: "variation selectors", text: "lunch\ufe00\ufe0e\u{e0100}\u{e01ef}", shown: ["U+FE00", "U+E0100", "U+E01EF"] },
  { what: "ignorable", text: "a\u034fb\u180bc\u115fd\u3164e", shown: ["U+034F", "U+180B", "U+115F", "U+3164"] },
  { what: "no ink", text: "a\u2800b", shown: ["U+2800"] },
  { what: "unassigned", text: "a\u0378b\u{e0ff0}c", shown: ["U+0378", "U+E0FF0"] },
  { what: "private use", text: "a\ue000b\u{f0000}c", shown: ["U+E000", "U+F0000"] },
  { what: "tags", text: "\u{e0041}\u{e0042}", shown: ["U+E0041", "U+E0042"] },
  { what: "mixed scripts", text: "p\u0430ypal \u0440\u0430\u0443pal", shown: ["U+0430 Cyrillic", "U+0440 Cyrillic"] },
  { what: "marks", text: "Z\u0335\u0336\u0337\u0338\u0321\u0322", shown: ["more marks"] },
  { what: "confusable host", text: "https://p\u0430ypal.example/login", shown: ["xn--"] },
  { what: "image", text: "![x](https://evil.example/x.png?d=1)", shown: [] },
  {
    what: "markup",
    text: `<img src="https://evil.example/y.png" onerror="alert(1)"><script>alert(2)</script><b>ok</b>`,
    shown: [],
  },
  { what: "link", text: `[your bank](https://evil.example/bank) <a href="https://evil.example">here</a>`, shown: [] },
];
