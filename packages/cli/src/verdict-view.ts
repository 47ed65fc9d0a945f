import type { LayerReport } from "@mh/contract/values/record.ts";
import { visible } from "@mh/contract/visible/visible.ts";
import { hang, type Printer, wrap } from "./print.ts";

/** Every layer's word in order; the one that decided is marked. */
export function showLayers(
  print: Printer,
  {
    verdict,
    layer,
    layers,
    rules,
  }: { verdict: string; layer: string; layers: readonly LayerReport[]; rules: readonly string[] },
): void {
  const { bold, green, yellow, red, dim } = print.color;
  const paint = { allow: green, ask: yellow, deny: red };
  print.line(`${bold(verdict)}  by ${layer}`);
  for (const report of layers) {
    const mark = report.layer === layer ? ">" : " ";
    const label = `  ${mark} ${report.layer.padEnd(11)} ${paint[report.verdict](report.verdict.padEnd(6))} `;
    print.line(hang(label, visible(report.reason), print.width));
  }
  if (rules.length > 0) print.line(dim(wrap(`rules: ${visible(rules.join(", "))}`, print.width, "  ")));
}
