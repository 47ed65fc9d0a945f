import type { LayerReport } from "@mh/core/model/record.ts";
import { visible } from "@mh/core/model/visible.ts";
import type { Printer } from "./print.ts";

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
    print.line(
      `  ${mark} ${report.layer.padEnd(11)} ${paint[report.verdict](report.verdict.padEnd(6))} ${visible(report.reason)}`,
    );
  }
  if (rules.length > 0) print.line(dim(`  rules: ${visible(rules.join(", "))}`));
}
