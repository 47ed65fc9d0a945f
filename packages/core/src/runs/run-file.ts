import type { RunTrace, RunTraceStep } from "@mh/contract/run-look.ts";
import { toBase64, utf8 } from "../ports/bytes.ts";
import type { Crypto } from "../ports/crypto.ts";
import { runStyle } from "./run-style.ts";

const chartWidth = 600;
const rowHeight = 18;

/**
 * One HTML file of a redacted run, whole in itself: no script, nothing loaded from anywhere, and a policy that says so to the
 * browser. Its picture has its text beside it, in the list.
 */
export function runFile(crypto: Crypto, run: RunTrace, hidden: readonly { kind: string; count: number }[]): string {
  const style = `sha256-${toBase64(crypto.sha256(utf8.encode(runStyle)))}`;
  const policy = `default-src 'none'; style-src '${style}'; base-uri 'none'; form-action 'none'`;
  const [root] = run.steps;
  const title = run.agent === null ? "A run" : `A run of ${run.agent}`;
  const facts: [string, string][] = [
    ["Ended", root?.status ?? "begun"],
    ["Began by", run.trigger ?? "a command"],
    ["Took", spanOf(run.begunAt, run.endedAt)],
    ["Commands", String(Math.max(0, run.steps.length - 1) + run.left)],
    ...(run.usage ? ([["Its program", usageText(run.usage)]] as [string, string][]) : []),
    ...run.ensures.map(({ skill, held }): [string, string] => [
      "Must leave",
      `${skill}: ${held ? "there" : "missing"}`,
    ]),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title><style>${runStyle}</style></head><body><main>
<h1>${escaped(title)}</h1>
<p>Without anybody's words: names, places and identifiers stand as placeholders, times count from its beginning.</p>
<dl>${facts.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`).join("")}</dl>
<h2>Along time</h2>
${timeLine(run.steps)}
<p class="dim">Full bars lie on the critical path: had one been quicker, the run would have ended earlier. Between bars the program worked by itself, or waited; the log does not say which.</p>
<h2>What led to what</h2>
<ol class="tree">${
    root
      ? treeOf(
          root,
          Map.groupBy(run.steps, ({ parent }) => parent ?? ""),
        )
      : ""
  }</ol>
${run.left > 0 ? `<p>${run.left} more are not shown.</p>` : ""}
<h2>Every step</h2>
${table(run.steps)}
<h2>Left out</h2>
<ul>${hidden.map(({ kind, count }) => `<li>${count} × ${escaped(kind)}</li>`).join("") || "<li>nothing</li>"}</ul>
</main></body></html>
`;
}

function timeLine(steps: readonly RunTraceStep[]): string {
  const end = Math.max(1, ...steps.flatMap(({ begunAt, endedAt }) => [offset(begunAt), offset(endedAt)]));
  const x = (ms: number) => ((ms / end) * chartWidth).toFixed(1);
  const rows = steps.map((step, n) => {
    const y = n * rowHeight;
    const to = offset(step.endedAt ?? step.askedAt);
    if (step.begunAt === null) return `<circle cx="${x(to)}" cy="${y + 9}" r="3"/>`;
    const width = Math.max(2, Number(x((step.endedAt === null ? end : to) - offset(step.begunAt))));
    return `<rect class="${step.isCritical ? "critical" : "beside"}" x="${x(offset(step.begunAt))}" y="${y + 4}" width="${width}" height="10" rx="2"/>`;
  });
  const height = steps.length * rowHeight;
  const label = `Time line of ${steps.length} steps over ${span(end)}. The list below says the same.`;
  return `<svg viewBox="-4 0 ${chartWidth + 8} ${height}" role="img" aria-label="${escaped(label)}">${rows.join("")}</svg>`;
}

function treeOf(step: RunTraceStep, children: ReadonlyMap<string, readonly RunTraceStep[]>): string {
  const own = children.get(step.id) ?? [];
  const inner = own.length > 0 ? `<ol>${own.map((each) => treeOf(each, children)).join("")}</ol>` : "";
  return `<li>${escaped(step.principal)} <b>${escaped(step.skill)}</b>, ${escaped(stateText(step))}${inner}</li>`;
}

function table(steps: readonly RunTraceStep[]): string {
  const head = ["No.", "Step", "From", "Took", "Verdict", "End", "Touches", "Tokens"];
  const rows = steps.map((step, n) => [
    String(n),
    step.skill,
    step.begunAt === null ? "" : `+${span(offset(step.begunAt))}`,
    spanOf(step.begunAt, step.endedAt),
    [step.verdict ?? "", step.layer ?? ""].filter(Boolean).join(", "),
    stateText(step),
    step.touches.map(({ value }) => value).join(", "),
    step.tokens === null ? "" : String(step.tokens),
  ]);
  const cells = (row: string[]) => row.map((each) => `<td>${escaped(each)}</td>`).join("");
  const heads = head.map((each) => `<th scope="col">${each}</th>`).join("");
  return `<div class="wide" tabindex="0" role="region" aria-label="Every step"><table><thead><tr>${heads}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("")}</tbody></table></div>`;
}

const stateText = ({ status, fault }: RunTraceStep): string => (fault === null ? status : `${status} (${fault})`);

const usageText = ({ ms, cpuMs, rssBytesMax }: NonNullable<RunTrace["usage"]>): string =>
  `${span(ms)}, ${span(cpuMs)} of processor, ${Math.round(rssBytesMax / 2 ** 20)} MB at most`;

const offset = (at: string | null): number => (at === null ? 0 : Date.parse(at));
const spanOf = (from: string | null, to: string | null): string =>
  from === null || to === null ? "" : span(Date.parse(to) - Date.parse(from));

function span(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

const signs: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => signs[sign] as string);
