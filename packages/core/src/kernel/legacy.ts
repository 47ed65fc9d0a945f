// Bridges skills that are not declared by a contract yet. Goes when the last of them has one.
import type { AnyContract, ProvenanceFacts } from "@mh/contract/contract.ts";
import type { Effect } from "@mh/contract/values/effect.ts";
import type { z } from "zod";
import type { Config } from "../model/config.ts";
import type { Database } from "../ports/database.ts";
import type {
  Classification,
  OutsideContext,
  OutsideSkill,
  OwnContext,
  OwnSkill,
  QueryContext,
  QuerySkill,
} from "./skill.ts";

export interface Manifest<In, Out> {
  name: string;
  version: string;
  title: string;
  input: z.ZodType<In>;
  output: z.ZodType<Out>;
  effects: readonly Effect[];
  permissions: AnyContract["permissions"];
  control: readonly string[];
  provenance?: ProvenanceFacts;
  undo: string | null;
  retry: "safe" | "never";
  code?: string;
  event?: string;
}

interface Base<In, Out> {
  manifest: Manifest<In, Out>;
  classify(args: In, config: Config): Classification;
}

interface Own<In, Out, Prepared> extends Base<In, Out> {
  prepare?(args: In, context: { config: Config; db: Database }): Promise<Prepared>;
  apply(args: In, context: OwnContext, prepared: Prepared): Out;
  recall?(db: Database, commandId: string, args?: In): Out | undefined;
}

export const defineQuery = <In, Out>(
  skill: Base<In, Out> & { run(args: In, context: QueryContext): Out | Promise<Out> },
): QuerySkill<In, Out> => {
  const { manifest, ...rest } = skill;
  return { kind: "query", contract: { ...manifest, kind: "query", examples: [] }, ...rest };
};

export const defineOwn = <In, Out, P = undefined>(skill: Own<In, Out, P>): OwnSkill<In, Out, P> => {
  const { manifest, recall, ...rest } = skill;
  const kind = manifest.effects.includes("admin") ? "admin" : "own";
  return { kind, contract: { ...manifest, kind, examples: [] }, ...rest, stored: recall ? { recall } : "once" };
};

export const defineOutside = <In, Out>(
  skill: Base<In, Out> & {
    journalled?(args: In): Record<string, unknown>;
    run(args: In, context: OutsideContext): Promise<Out>;
  },
): OutsideSkill<In, Out> => {
  const { manifest, ...rest } = skill;
  return { kind: "outside", contract: { ...manifest, kind: "outside", examples: [] }, ...rest, stored: "kept" };
};
