import { z } from "zod";
import { deviceRoles } from "./role.ts";

/** What a device of the owner's is called, and what it may do: the same however it comes in. */
export const newDevice = () => ({
  name: z
    .string()
    .regex(/^[a-z0-9][\w.-]{0,63}$/i, "a device's name is letters, digits, dots and dashes")
    .describe("What to call it, as in phone; no other device that may come in has the name"),
  role: z
    .enum(deviceRoles)
    .default("operator")
    .describe("viewer: reads; operator, where left out: acts and answers approval requests; admin: all that you may"),
});
