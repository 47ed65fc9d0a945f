import type {
  AuthorizationAnswer,
  CheckParseAnswer,
  PolicySetTextToPartsAnswer,
  PolicyToJsonAnswer,
  StatefulAuthorizationCall,
  ValidationAnswer,
} from "@cedar-policy/cedar-wasm/nodejs";
import { Fault } from "@mh/contract/values/fault.ts";
import * as cedar from "./cedar.ts";

/** Policies by their ids. */
export type StaticPolicies = Readonly<Record<string, string>>;

/** Policies under a name that says what is in them: the hash of their text is part of it. */
export interface NamedPolicies {
  name: string;
  policies: StaticPolicies;
}

type Question = Omit<StatefulAuthorizationCall, "preparsedPolicySetId" | "preparsedSchemaName" | "validateRequest">;

/** Under which Cedar holds the schema. */
export const schemaName = "mh";
/** Cedar never forgets what it parsed: with more text than this it is loaded anew, and parses what is asked for again. */
const heldCharactersMax = 2_000_000;

/** Cedar, as something that may stop: whatever it throws, it is loaded anew, and the caller gets a `Fault`. */
class Engine {
  #schema = cedar.prepared.schema;
  #held = new Set(cedar.prepared.policySets);
  #heldCharacters = 0;
  /** How often it stopped since this process began, and was loaded anew. */
  stops = 0;

  parts(text: string): PolicySetTextToPartsAnswer {
    return this.#ask(({ policySetTextToParts }) => policySetTextToParts(text));
  }

  json(text: string): PolicyToJsonAnswer {
    return this.#ask(({ policyToJson }) => policyToJson(text));
  }

  validate(schema: string, policies: StaticPolicies): ValidationAnswer {
    return this.#ask(({ validate }) => validate({ schema, policies: { staticPolicies: policies } }));
  }

  /** Parses what it does not hold yet. */
  hold(schema: string, { name, policies }: NamedPolicies): CheckParseAnswer {
    const characters = Object.values(policies).reduce((sum, { length }) => sum + length, 0);
    const isFull = this.#heldCharacters > 0 && this.#heldCharacters + characters > heldCharactersMax;
    if (isFull && cedar.isRenewable()) this.#renew();
    if (this.#schema !== schema) {
      const answer = this.#ask(({ preparseSchema }) => preparseSchema(schemaName, schema));
      if (answer.type === "failure") return answer;
      this.#schema = schema;
    }
    if (this.#held.has(name)) return { type: "success" };
    const answer = this.#ask(({ preparsePolicySet }) => preparsePolicySet(name, { staticPolicies: { ...policies } }));
    if (answer.type === "failure") return answer;
    this.#held.add(name);
    this.#heldCharacters += characters;
    return answer;
  }

  authorize(schema: string, named: NamedPolicies, question: Question): AuthorizationAnswer {
    const held = this.hold(schema, named);
    if (held.type === "failure") return { ...held, warnings: [] };
    const call = { ...question, preparsedPolicySetId: named.name, preparsedSchemaName: schemaName };
    return this.#ask(({ statefulIsAuthorized }) => statefulIsAuthorized({ ...call, validateRequest: true }));
  }

  #ask<Answer>(run: (library: typeof cedar.library) => Answer): Answer {
    try {
      return run(cedar.library);
    } catch (cause) {
      this.stops += 1;
      this.#renew();
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new Fault("policy.engine-stopped", `The policy engine stopped (${why}) and was loaded anew.`, { cause });
    }
  }

  #renew(): void {
    cedar.renew();
    this.#schema = cedar.prepared.schema;
    this.#held = new Set(cedar.prepared.policySets);
    this.#heldCharacters = 0;
  }
}

export const engine = new Engine();
