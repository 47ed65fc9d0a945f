import { z } from "zod";
import { defineContract } from "./contract.ts";
import { leftBehindSchema } from "./devices.ts";

const name = z
  .string()
  .regex(/^[a-z0-9][\w.-]{0,63}$/i, "a client's name is letters, digits, dots and dashes")
  .describe("What to call it, as in notebook; it stands in the log as `client:notebook`");

const changed = () =>
  z.strictObject({ id: z.string().describe("Id of the client"), name: z.string().describe("Its name") });

/**
 * Gives a program of somebody's a token of its own. It acts as `client:<name>`: it observes until the owner trusts it
 * further, uses what the owner granted it, and asks for what stands in `may`, each time. The token is given once.
 */
export const clientAdd = defineContract({
  name: "client.add",
  kind: "admin",
  title: "Give a program a token of its own",
  input: () =>
    z.strictObject({
      name,
      may: z
        .array(z.string().max(200))
        .max(50)
        .optional()
        .describe(
          "Skills that it may ask for: each use waits for an approval, until it is granted; none where left out",
        ),
    }),
  output: () =>
    z.strictObject({
      id: z.string().describe("Id of the client"),
      name: z.string().describe("Its name"),
      principal: z.string().describe("As whom it acts; grants name it so"),
      token: z.string().describe("Given once"),
    }),
  examples: [
    { title: "A notebook that searches", args: { name: "notebook" } },
    { title: "An assistant that may propose memories", args: { name: "claude", may: ["memory.capture"] } },
  ],
  control: ["name", "may"],
  undo: "mh device client revoke",
  event: "client.added",
  subjects: { client: "id" },
});

/** Its token is worth nothing from here on, and its grants, plans and trust are taken back: the next of its name has none. */
export const clientRevoke = defineContract({
  name: "client.revoke",
  kind: "admin",
  recovery: true,
  title: "Take a program's token back",
  input: () => z.strictObject({ client: z.string().min(1).max(64).describe("Its name, or its id") }),
  output: () => changed().extend({ left: leftBehindSchema().optional() }),
  examples: [{ title: "The notebook's", args: { client: "notebook" } }],
  control: ["client"],
  event: "client.revoked",
  subjects: { client: "id" },
});

export const clientList = defineContract({
  name: "client.list",
  kind: "query",
  recovery: true,
  title: "List the programs that have tokens",
  input: () => z.strictObject({}),
  output: () =>
    z.strictObject({
      clients: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          principal: z.string().describe("As whom it acts"),
          addedAt: z.string().describe("ISO 8601"),
        }),
      ),
    }),
  examples: [{ title: "All of them", args: {} }],
});
