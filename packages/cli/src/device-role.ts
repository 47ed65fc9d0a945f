import { Option } from "@commander-js/extra-typings";
import { type DeviceRole, deviceRoles } from "@mh/contract/values/role.ts";

export const roleOption = () =>
  new Option("--role <role>", "what it may do: look, act and answer approval requests, or all that you may")
    .choices(deviceRoles)
    .default("operator");

/** As whom a device of that role acts, in the words of a sentence. */
export const asWhom: Record<DeviceRole, string> = {
  viewer: "somebody who looks on",
  operator: "you, but for rules, grants, keys and devices",
  admin: "you",
};
