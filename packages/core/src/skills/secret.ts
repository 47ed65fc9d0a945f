import { z } from "zod";
import { Fault } from "../model/fault.ts";
import type { SecretOffers, Secrets } from "../ports/secrets.ts";
import { always, defineOutside } from "../spine/skill.ts";

const nameSchema = z
  .string()
  .regex(/^[a-z0-9][\w.-]{0,63}$/i, "a secret's name is letters, digits, dots and dashes")
  .refine((name) => !name.toLowerCase().startsWith("mh."), "names that begin with mh. are mh's own");
const byName = z.strictObject({ name: nameSchema });
const setInput = z.strictObject({ name: nameSchema, offer: z.uuid() });

/** Keeps a value under a name. The value waits beside the home, and never comes this way: not even into an argument. */
export function setSecretSkill({ secrets }: { secrets: Secrets & SecretOffers }) {
  return secretSkill<z.infer<typeof setInput>, { name: string }>({
    ...{ verb: "set", title: "Keep a password or token", event: "secret.kept" },
    ...{ input: setInput, output: byName },
    run({ name, offer }) {
      secrets.write(name, secrets.take(offer));
      return { name };
    },
  });
}

export function removeSecretSkill({ secrets }: { secrets: Secrets }) {
  return secretSkill<z.infer<typeof byName>, { name: string }>({
    ...{ verb: "remove", title: "Throw a password or token away", event: "secret.removed" },
    ...{ input: byName, output: byName },
    run({ name }) {
      if (!secrets.names().includes(name)) {
        throw new Fault("secret.missing", `There is no secret ${name}. \`mh secret list\` shows which there are.`);
      }
      secrets.remove(name);
      return { name };
    },
  });
}

const none = z.strictObject({});
const listOutput = z.strictObject({ names: z.array(z.string()) });

/** Names alone; a value is shown to nobody. */
export function listSecretsSkill({ secrets }: { secrets: Secrets }) {
  return secretSkill<Record<string, never>, { names: string[] }>({
    ...{ verb: "list", title: "List the names of your passwords and tokens", event: "secret.listed" },
    ...{ input: none, output: listOutput },
    run: () => ({ names: secrets.names() }),
  });
}

/** Outside skills of effect `admin`: secrets lie outside the home, and are the owner's alone. */
function secretSkill<In, Out>(skill: {
  verb: string;
  title: string;
  event: string;
  input: z.ZodType<In>;
  output: z.ZodType<Out>;
  run(args: In): Out;
}) {
  const { verb, title, event, input, output, run } = skill;
  return defineOutside<In, Out>({
    manifest: {
      ...{ name: `secret.${verb}`, version: "1.0.0", title, input, output, event },
      effects: ["admin"],
      permissions: {},
      control: [],
      undo: null,
      retry: "never",
    },
    classify: always("admin", "medium"),
    run: async (args) => run(args),
  });
}
