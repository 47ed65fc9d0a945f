/** A line of a plot: what it shows, and its points from left to right, all of them above 0. */
export interface Curve {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

const [width, height, left, right, top, bottom] = [760, 420, 60, 170, 50, 50];
const colors = ["#1b6ca8", "#c2571a", "#2e8540", "#7b3fa0", "#a81b3c", "#5b5b5b", "#9a7d0a"];

/** An SVG picture of curves with logarithmic axes: powers of ten to the right, of two upwards. */
export function plotOf(title: string, curves: readonly Curve[], unit = " ×"): string {
  const all = curves.flatMap(({ points }) => points);
  const across = rangeOf(all.map(([x]) => Math.log10(x)));
  const up = rangeOf([0, ...all.map(([, y]) => Math.log2(y))]);
  const xOf = (x: number) => left + ((Math.log10(x) - across.from) / across.span) * (width - left - right);
  const yOf = (y: number) => height - bottom - ((Math.log2(y) - up.from) / up.span) * (height - top - bottom);
  const columns = powers(across).map((n) => {
    const x = xOf(10 ** n);
    return `<path d="M${fixed(x)} ${top}V${height - bottom}"/>${label(x, height - bottom + 20, (10 ** n).toLocaleString("en"))}`;
  });
  const rows = powers(up).map((n) => {
    const y = yOf(2 ** n);
    return `<path d="M${left} ${fixed(y)}H${width - right}"/>${label(left - 24, y + 4, `${2 ** n}${unit}`)}`;
  });
  // Names of lines that end close together stand below each other.
  const ends = curves
    .map((curve, n) => ({ curve, n, y: yOf(curve.points.at(-1)?.[1] ?? 1) }))
    .sort((a, b) => a.y - b.y);
  let free = 0;
  const lines = ends.map(({ curve, n, y }) => {
    free = Math.max(free + 15, y + 4);
    const path = curve.points
      .map(([px, py], i) => `${i === 0 ? "M" : "L"}${fixed(xOf(px))} ${fixed(yOf(py))}`)
      .join("");
    const color = colors[n % colors.length];
    const name = `<text x="${width - right + 8}" y="${fixed(free)}" fill="${color}">${curve.name}</text>`;
    return `<path d="${path}" fill="none" stroke="${color}" stroke-width="2"/>${name}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${left}" y="26" font-size="14">${title}</text>
<g stroke="#ddd" fill="#444">
${[...columns, ...rows].join("\n")}
</g>
${lines.join("\n")}
</svg>
`;
}

interface Range {
  from: number;
  to: number;
  span: number;
}

function rangeOf(numbers: readonly number[]): Range {
  const [from, to] = [Math.floor(Math.min(...numbers) + 1e-9), Math.ceil(Math.max(...numbers) - 1e-9)];
  return { from, to: Math.max(to, from + 1), span: Math.max(1, to - from) };
}

const powers = ({ from, to }: Range): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

const label = (x: number, y: number, text: string): string =>
  `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="middle" stroke="none">${text}</text>`;

const fixed = (number: number): string => number.toFixed(1);
