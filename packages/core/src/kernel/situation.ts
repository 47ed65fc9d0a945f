import type { Scope } from "@mh/contract/values/effect.ts";
import { Fault } from "@mh/contract/values/fault.ts";
import type { GrantRow } from "@mh/contract/values/grant.ts";
import { isOwner, owner, type Principal } from "@mh/contract/values/principal.ts";
import type { PolicyRequest } from "@mh/contract/values/record.ts";
import type { DeviceRole } from "@mh/contract/values/role.ts";
import type { Task } from "@mh/contract/wire/command.ts";
import { localOf, weekdayOf } from "../model/wall-clock.ts";
import type { Database } from "../ports/database.ts";
import { type CircumstancesInput, circumstances } from "./circumstances.ts";
import { coveringStep } from "./plans.ts";
import { rateLeft } from "./rates.ts";
import { covers } from "./scope.ts";
import type { Skill } from "./skill.ts";
import { commandRow, liveGrants, trustOf } from "./state.ts";

const chainLengthMax = 8;

/** What a principal declared it may use, by its manifest; undefined where it declared nothing. */
export type Declarations = (principal: Principal, db: Database) => readonly string[] | undefined;

/** What a device of the owner's may do; undefined for whoever is none. */
export type Roles = (principal: Principal, db: Database) => DeviceRole | undefined;

export interface SituationInput extends CircumstancesInput {
  declared: Declarations;
  roleOf: Roles;
  stopped: boolean;
  /** Says whether a path belongs to code, journal, policy or settings of this home. */
  isProtected: (path: string) => boolean;
  principal: Principal;
  cause: string | undefined;
  task: Task | undefined;
  skill: Skill;
  args: Record<string, unknown>;
  /** Paths of control arguments that are tainted. */
  unvouched: readonly string[];
  /** It came over HTTP by a token. */
  isByToken: boolean;
}

/** The judge's whole input: one request for each principal along the cause chain, the caller's first. */
export function situation(input: SituationInput): [PolicyRequest, ...PolicyRequest[]] {
  const [caller, ...causes] = principalsAlong(input);
  // At this machine: no device, no token over HTTP, and nothing that somebody lesser caused.
  const isAtMachine = caller === owner && causes.length === 0 && !input.isByToken;
  const isRecovery = isAtMachine && input.skill.contract.recovery === true;
  return [
    { ...requestOf(input, caller), ...(isRecovery && { recovery: true }) },
    ...causes.map((principal) => requestOf(input, principal)),
  ];
}

/** The caller and everyone whose command led here, each once. */
function principalsAlong({ db, principal, cause }: SituationInput): [Principal, ...Principal[]] {
  const chain: [Principal, ...Principal[]] = [principal];
  let next = cause;
  for (let depth = 0; next !== undefined; depth += 1) {
    if (depth >= chainLengthMax) {
      throw new Fault(
        "cause.too-deep",
        `Commands caused each other ${chainLengthMax} times over; the chain stops here.`,
      );
    }
    const row = commandRow(db, next);
    if (!row) throw new Fault("command.not-found", `The causing command ${next} is not in the log.`);
    if (!chain.includes(row.principal)) chain.push(row.principal);
    next = row.cause ?? undefined;
  }
  return chain;
}

function requestOf(input: SituationInput, principal: Principal): PolicyRequest {
  const { db, config, now, skill, task, classification, declared, stopped, isProtected } = input;
  const { effect, risk, scope } = classification;
  const grants = liveGrants(db, principal, skill.contract.name, task?.id, now);
  const declaration = declared(principal, db);
  const isGranted = grants.length > 0;
  const step = isOwner(principal)
    ? undefined
    : coveringStep(db, { ...input, principal, skill: skill.contract.name, scope });
  const unvouched = isOwner(principal) ? [] : [...input.unvouched];
  const role = input.roleOf(principal, db);
  return {
    principal,
    trust: trustOf(db, principal),
    skill: skill.contract.name,
    effect,
    risk,
    scope,
    may: isOwner(principal) || (declaration ? declaration.includes(skill.contract.name) : isGranted),
    granted: isOwner(principal) || isGranted,
    inScope: isCovered(scope, grants),
    protectedArea: (scope.paths ?? []).some(isProtected),
    stopped,
    rateLeft: rateLeft(db, config, principal, now),
    unvouched: step ? unvouched.filter((path) => !step.speaksFor(path)) : unvouched,
    ...hourAndWeekday(now, config.timeZone),
    ...circumstances(input, principal),
    ...(role && { role }),
    ...(step && { plan: step.id }),
  };
}

/** Everything the command touches is covered by one grant; touching nothing is in no scope. */
function isCovered(scope: Scope, grants: readonly GrantRow[]): boolean {
  const touched = [...(scope.paths ?? []), ...(scope.hosts ?? []), ...(scope.recipients ?? [])];
  return touched.length > 0 && grants.some((grant) => covers(JSON.parse(grant.scope) as Scope, scope));
}

function hourAndWeekday(now: number, timeZone: string | undefined): { hour: number; weekday: number } {
  const local = localOf(now, timeZone);
  return { hour: local.hour, weekday: weekdayOf(local) };
}
