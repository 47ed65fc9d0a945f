import { timesOf } from "@mh/contract/values/plan.ts";
import { canonical } from "../../model/canonical.ts";
import { carefulPlan, type JudgedCall, type PlanBody } from "../plan/careful-plan.ts";
import type { PolicySet } from "../policy-set.ts";
import {
  type SimulatedCall,
  SimulatedRun,
  type SimulatedTime,
  type SimulatedTrace,
  type SimulatedVerdict,
} from "./simulate.ts";

/** A plan that the planner would have announced, for one approval. */
export interface AnnouncedPlan extends PlanBody {
  id: string;
  /** Id of the call before which it is announced, and its position. */
  before: string;
  index: number;
  /** Nothing that others wrote was read before. */
  isFirst: boolean;
}

export interface OnceReport {
  verdicts: SimulatedVerdict[];
  plan: {
    /** Whether the owner is asked for a plan at all. */
    asked: boolean;
    /** With `before` where the planner announces it. */
    announced: (PlanBody & { id: string; before?: string; isFirst?: boolean })[];
    /** Approval requests for where values come from: one for each plan, and for each honest call that none covers. */
    requests: number;
  };
}

/**
 * The same with the plan that a careful planner would announce: made of the trace's honest calls, or those of `planOf`. It
 * is announced before anything of others' was read, where all can be said by then; else before the first call that would
 * be asked about, with the values that are known there; and again, as a change, where a later call is not in it. By then, one
 * call alone is asked about as ever. Nothing is announced where nothing would be asked about. Plans that the trace gives
 * are in force from its start.
 */
export function simulateOnce(set: PolicySet, trace: SimulatedTrace, at: SimulatedTime): OnceReport {
  if (trace.plan !== undefined && trace.plan !== "once") return simulateGiven(set, trace, at, [trace.plan].flat());
  const honest = trace.planOf ?? trace.calls.filter((call) => call.honest);
  const plans = plansOnce(set, { ...trace, calls: honest }, at);
  const isOwnRun = trace.planOf === undefined && honest.length === trace.calls.length;
  const { verdicts, asked } = judgedUnder(set, trace, at, { plans, honest, isOwnRun });
  const announced = plans.map(({ index: _index, ...plan }) => plan);
  return { verdicts, plan: { asked: plans.length > 0, announced, requests: plans.length + asked } };
}

function simulateGiven(
  set: PolicySet,
  trace: SimulatedTrace,
  at: SimulatedTime,
  given: readonly PlanBody[],
): OnceReport {
  const announced = given.map((plan, n) => ({ id: `plan-${n + 1}`, ...plan }));
  const { verdicts, asked } = judgedUnder(set, trace, at, { plans: announced, honest: [], isOwnRun: false });
  return { verdicts, plan: { asked: announced.length > 0, announced, requests: announced.length + asked } };
}

/** What the owner approved for a task, and the honest run that it is for. */
interface ApprovedTask {
  plans: readonly (PlanBody & { id: string; index?: number })[];
  honest: readonly SimulatedCall[];
  /** The calls that are judged are that run; else, as for an attack, all plans are in force from the start. */
  isOwnRun: boolean;
}

/** The verdicts under approved plans, and how many honest calls are asked about all the same. */
export function judgedUnder(
  set: PolicySet,
  trace: SimulatedTrace,
  at: SimulatedTime,
  { plans, honest, isOwnRun }: ApprovedTask,
): { verdicts: SimulatedVerdict[]; asked: number } {
  const run = new SimulatedRun(set, trace, at);
  if (!isOwnRun) for (const plan of plans) run.approve(plan.id, plan);
  const known = new Set(honest.map(keyOf));
  let asked = 0;
  const verdicts = trace.calls.map((call, n) => {
    if (isOwnRun) for (const plan of plans) if (plan.index === n) run.approve(plan.id, plan);
    const judged = run.judge(call);
    if (judged.open.length > 0 && call.honest) asked += 1;
    // The owner approves what their own task does, and with it the values that were shown.
    if (call.honest && known.has(keyOf(call))) run.approved(judged);
    run.take(judged);
    return judged.verdict;
  });
  return { verdicts, asked };
}

const keyOf = ({ tool, args }: SimulatedCall): string => `${tool}\0${canonical(args)}`;

/** The plans that are announced in a run of honest calls. */
export function plansOnce(set: PolicySet, trace: SimulatedTrace, at: SimulatedTime): AnnouncedPlan[] {
  const { calls, first } = judgedPlainly(set, trace, at);
  if (first === undefined) return [];
  const early = announcedIn(new SimulatedRun(set, trace, at), trace, calls, (n) => n === first);
  if (early.asked === 0) return early.announced;
  return announcedIn(new SimulatedRun(set, trace, at), trace, calls, (_n, isAsked) => isAsked).announced;
}

/**
 * The calls as they are without a plan, each with what would be asked about it; and before which of them a plan comes that
 * is announced while nothing of others' was read: none, where nothing is asked.
 */
export function judgedPlainly(set: PolicySet, trace: SimulatedTrace, at: SimulatedTime) {
  const run = new SimulatedRun(set, trace, at);
  let first: number | undefined;
  const calls = trace.calls.map((call, n): JudgedCall | undefined => {
    const judged = run.judge(call);
    if (judged.open.length > 0) first ??= n;
    run.take(judged);
    if (run.task.isTainted) first ??= n;
    return judged.step && { ...judged.step, open: judged.open.map(({ path }) => path) };
  });
  const isAsked = calls.some((call) => call && call.open.length > 0);
  return { calls, first: isAsked ? first : undefined };
}

// Nobody plans further than that, or more often in one task; all of it is compared with all that is read on the way.
const aheadMax = 200;
const timesMax = 50;

/** An honest run, with plans announced before the calls that `isTime` names. */
export function announcedIn(
  run: SimulatedRun,
  trace: SimulatedTrace,
  calls: readonly (JudgedCall | undefined)[],
  isTime: (n: number, isAsked: boolean) => boolean,
): { announced: AnnouncedPlan[]; asked: number } {
  const announced: AnnouncedPlan[] = [];
  let [asked, times] = [0, 0];
  for (const [n, call] of trace.calls.entries()) {
    let judged = run.judge(call);
    if (times < timesMax && isTime(n, judged.open.length > 0)) {
      times += 1;
      const isDeclared = (each: JudgedCall | undefined) => each !== undefined;
      const isFirst = !run.task.isTainted;
      const ahead = calls.slice(n, n + aheadMax).filter(isDeclared);
      const body = carefulPlan(run.task, calls.slice(0, n).filter(isDeclared), ahead);
      if (body && (isFirst || body.steps.reduce((sum, step) => sum + timesOf(step), 0) > 1)) {
        const plan = { id: `plan-${announced.length + 1}`, before: call.id, index: n, isFirst, ...body };
        run.approve(plan.id, plan);
        judged = run.judge(call);
        announced.push(plan);
      }
    }
    if (judged.open.length > 0) asked += 1;
    run.approved(judged);
    run.take(judged);
  }
  return { announced, asked };
}
