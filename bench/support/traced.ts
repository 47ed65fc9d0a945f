import type { CDPSession, Page } from "playwright-core";
import { quantile } from "./median.ts";

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Processor time of the thread alone: what else runs on the machine does not show in it. */
  tdur?: number;
  args?: { name?: string };
}

/** What a page's main thread did, in milliseconds of its processor time; and what a person would have seen on this machine. */
export interface Traced {
  /** The longest task: beyond 50 ms a frame is late though the machine had nothing else to do. */
  worstTaskMs: number;
  p98TaskMs: number;
  /** Of the longest task: our program, and layout and painting. */
  worstScriptMs: number;
  worstRenderMs: number;
  /** From frame to frame, on the wall. */
  worstFrameMs: number;
  p98FrameMs: number;
  frames: number;
}

const categories = "toplevel,devtools.timeline,v8,disabled-by-default-devtools.timeline,__metadata";
const scripting = new Set([
  "FunctionCall",
  "EvaluateScript",
  "RunMicrotasks",
  "v8.callFunction",
  "V8.GC_MC_BACKGROUND",
]);
const rendering = new Set(["Layout", "UpdateLayoutTree", "PrePaint", "Paint", "Layerize", "Commit", "UpdateLayer"]);
// What is shorter is no work of the page's.
const taskMsMin = 1;

/** Traces a page while something is done with it. */
export async function traced(page: Page, session: CDPSession, work: () => Promise<void>): Promise<Traced> {
  const events: TraceEvent[] = [];
  const keep = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]));
  session.on("Tracing.dataCollected", keep);
  await page.evaluate(countFrames);
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: categories.split(",") },
  });
  await work();
  const frames = (await page.evaluate("window.stopFrames()")) as number[];
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  session.off("Tracing.dataCollected", keep);
  return { ...tasksOf(events), ...framesOf(frames) };
}

const countFrames = `{
  const frames = [];
  let last = performance.now();
  let isOver = false;
  const next = (now) => { frames.push(now - last); last = now; if (!isOver) requestAnimationFrame(next); };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(next); });
  window.stopFrames = () => { isOver = true; return frames; };
}`;

function tasksOf(events: readonly TraceEvent[]) {
  const main = busiest(
    events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain"),
    events,
  );
  const own = events.filter(({ pid, tid, ph, tdur }) => pid === main?.pid && tid === main.tid && ph === "X" && tdur);
  const isTask = ({ name }: TraceEvent) => name === "ThreadControllerImpl::RunTask" || name === "RunTask";
  const tasks = own.filter(isTask).map((task) => ({ ...task, ms: (task.tdur ?? 0) / 1000 }));
  const worst = tasks.reduce((a, b) => (b.ms > (a?.ms ?? 0) ? b : a), tasks[0]);
  const within = own.filter(({ ts, dur = 0 }) => worst && ts >= worst.ts && ts + dur <= worst.ts + (worst.dur ?? 0));
  const long = tasks.map(({ ms }) => ms).filter((ms) => ms >= taskMsMin);
  return {
    worstTaskMs: round(worst?.ms ?? 0),
    p98TaskMs: round(quantile(long, 0.98)),
    worstScriptMs: round(topMost(within, scripting)),
    worstRenderMs: round(topMost(within, rendering)),
  };
}

/** Of several renderers, the one that worked. */
function busiest(threads: readonly TraceEvent[], events: readonly TraceEvent[]): TraceEvent | undefined {
  const workOf = (of: TraceEvent) =>
    events.reduce((sum, { pid, tid, tdur = 0 }) => sum + (pid === of.pid && tid === of.tid ? tdur : 0), 0);
  return [...threads].sort((a, b) => workOf(b) - workOf(a))[0];
}

/** Processor time of events of these names, those inside another left out. */
function topMost(events: readonly TraceEvent[], names: ReadonlySet<string>): number {
  let until = 0;
  let sum = 0;
  for (const { ts, dur = 0, tdur = 0 } of events.filter(({ name }) => names.has(name)).sort((a, b) => a.ts - b.ts)) {
    if (ts < until) continue;
    until = ts + dur;
    sum += tdur / 1000;
  }
  return sum;
}

function framesOf(frames: readonly number[]) {
  return {
    worstFrameMs: round(Math.max(0, ...frames)),
    p98FrameMs: round(quantile(frames, 0.98)),
    frames: frames.length,
  };
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
