import uPlot from "uplot";
import type { Plotted } from "./plotted.ts";

/** Draws on a canvas with uPlot. Loaded by need alone; colours come from the page's own tokens. */
export function plot(place: HTMLElement, plotted: Plotted, onpick: (at: number | undefined) => void): Disposable {
  const { labels, series, height, most, ticks } = plotted;
  const dim = colourOf(place, "--ink-2");
  const edge = colourOf(place, "--line");
  const font = `12px ${getComputedStyle(place).fontFamily}`;
  const axis = { stroke: dim, font, grid: { show: false }, ticks: { show: false } };
  const bars = uPlot.paths.bars?.({ size: [0.8, 40], radius: 0.1 });
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const options: uPlot.Options = {
    width: Math.max(place.clientWidth, 120),
    height,
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_u, from, to) => [from - 0.5, to + 0.5] },
      y: { range: [ticks ? -0.3 : 0, most] },
    },
    axes: [
      {
        ...axis,
        size: 24,
        space: 52,
        values: (_u, at) => at.map((n) => labels[n] ?? ""),
        incrs: [1, 2, 3, 6, 7, 14, 30],
      },
      {
        ...axis,
        size: ticks ? 84 : 36,
        grid: { show: true, stroke: edge, width: 1 },
        splits: () => (ticks ? ticks.map((_, n) => n) : whole(most)),
        values: (_u, at) => at.map((n) => ticks?.[n] ?? String(n)),
      },
    ],
    series: [
      {},
      ...series.map(({ colour, kind }): uPlot.Series => {
        const stroke = colourOf(place, colour);
        if (kind === "bar")
          return { stroke, fill: stroke, width: 0, points: { show: false }, ...(bars && { paths: bars }) };
        // A line shows where it goes; only a value without neighbours needs a point of its own.
        const points = { show: kind === "line", size: 6, fill: stroke, filter: alone };
        return { stroke, width: 2, points, ...(kind === "step" && steps && { paths: steps }) };
      }),
    ],
    hooks: { setCursor: [({ cursor }) => onpick(cursor.idx ?? undefined)] },
  };
  const chart = new uPlot(options, [labels.map((_, n) => n), ...stacked(series)], place);
  const sizes = new ResizeObserver(() => {
    if (place.clientWidth > 0 && place.clientWidth !== chart.width) chart.setSize({ width: place.clientWidth, height });
  });
  sizes.observe(place);
  return {
    [Symbol.dispose]() {
      sizes.disconnect();
      chart.destroy();
    },
  };
}

const alone: uPlot.Series.Points.Filter = (chart, n) => {
  const values: readonly (number | null | undefined)[] = [...(chart.data[n] ?? [])];
  return values.flatMap((value, at) => (value != null && values[at - 1] == null && values[at + 1] == null ? [at] : []));
};

/** Bars stand upon those before them: the highest is drawn first, and the others over it. */
function stacked(series: Plotted["series"]): (number | null)[][] {
  return series.map(({ values, kind }, n) => {
    if (kind !== "bar") return [...values];
    // The first is drawn first, so it is the sum of itself and all that follow.
    const upon = series.slice(n).filter((each) => each.kind === "bar");
    return values.map((_, at) => upon.reduce((sum, each) => sum + (each.values[at] ?? 0), 0));
  });
}

function whole(most: number): number[] {
  if (most <= 1) return [0, 0.5, 1];
  const step = Math.max(1, Math.ceil(most / 4));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => n * step);
}

/** A canvas knows no tokens: an element is asked what colour it has by one, also where the system sets the colours. */
function colourOf(place: HTMLElement, token: string): string {
  const probe = document.createElement("span");
  probe.className = `probe probe${token.slice(1)}`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
