/**
 * What a device of the owner's may do: a viewer reads; an operator acts within the home and answers approval requests, and
 * changes no rule, grant, key or device; an admin is the owner.
 */
export const deviceRoles = ["viewer", "operator", "admin"] as const;
export type DeviceRole = (typeof deviceRoles)[number];
