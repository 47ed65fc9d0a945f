import { visible } from "@mh/contract/visible/visible.ts";
import type { RunProgress } from "@mh/contract/wire/progress.ts";
import { thousands } from "./numbers.ts";
import type { Printer } from "./print.ts";

/** How far something is. Without a `fraction` nobody knows how much is left. */
export interface Step {
  /** 0 to 1. */
  fraction?: number;
  count: number;
}

/** One live line, drawn at most ten times a second and only once the work has lasted a while; disposed of, it is gone. */
export interface Progress extends Disposable {
  update(step: Step): void;
}

const drawMs = 100;
const patienceMs = 300;
const frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

/** As in `Importing  ████████░░░░░░░░░░░░  42 %  1,200 memories  850/s  2 s left`. */
export function makeProgress(
  print: Pick<Printer, "progress">,
  { doing, unit, now = () => performance.now() }: { doing: string; unit: string; now?: () => number },
): Progress {
  const begun = now();
  let drawn = begun + patienceMs - drawMs;
  let draws = 0;
  return {
    update({ fraction, count }) {
      const time = now();
      if (time - drawn < drawMs) return;
      drawn = time;
      draws += 1;
      const seconds = (time - begun) / 1000;
      const parts = [`${thousands(count)} ${unit}`, `${thousands(Math.round(count / seconds))}/s`];
      if (fraction === undefined) return print.progress([`${frames[draws % 10]} ${doing}`, ...parts].join("  "));
      const left = fraction > 0.01 ? [`${duration((seconds / fraction) * (1 - fraction))} left`] : [];
      print.progress([doing, bar(fraction), `${Math.floor(fraction * 100)} %`, ...parts, ...left].join("  "));
    },
    [Symbol.dispose]: () => print.progress(""),
  };
}

/** A run as it is watched: a sign of life until it says how far it is, then that. Disposed of, it is gone. */
export interface WatchedRun extends Disposable {
  onProgress(progress: RunProgress): void;
}

/** As in `Importing  ████████░░░░░░░░░░░░  42 %  1,200 added  2 s left`. */
export function watchRun(
  print: Pick<Printer, "progress">,
  doing: string,
  now: () => number = () => performance.now(),
): WatchedRun {
  const begun = now();
  let draws = 0;
  let said: RunProgress | undefined;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    draws += 1;
    print.progress(said ? howFar(said, doing, now() - begun, draws) : `${frames[draws % 10]} ${doing} …`);
    timer = setTimeout(draw, drawMs).unref();
  };
  timer = setTimeout(draw, patienceMs).unref();
  return {
    onProgress(progress) {
      said = progress;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      if (draws > 0) print.progress("");
    },
  };
}

/** What a run said of how far it is, in one line. */
export function howFar({ done, total, unit, note }: RunProgress, doing: string, ms: number, draws: number): string {
  const told = note === "" ? [`${thousands(done)} ${unit}`.trimEnd()] : [visible(note)];
  if (total === null) return [`${frames[draws % 10]} ${doing}`, ...told].join("  ");
  const fraction = total === 0 ? 1 : Math.min(1, done / total);
  const left = fraction > 0.01 ? [`${duration((ms / 1000 / fraction) * (1 - fraction))} left`] : [];
  return [doing, bar(fraction), `${Math.floor(fraction * 100)} %`, ...told, ...left].join("  ");
}

const bar = (fraction: number): string => "█".repeat(Math.floor(fraction * 20)).padEnd(20, "░");

const duration = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
