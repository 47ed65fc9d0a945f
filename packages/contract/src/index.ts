// All that crosses an edge of mh: values, commands and their ends, contracts. A test holds that every file stands here.
export * from "./values/effect.ts";
export * from "./values/fault.ts";
export * from "./values/mail-address.ts";
export * from "./values/mail-message.ts";
export * from "./values/mcp-server.ts";
export * from "./values/memory.ts";
export * from "./values/notice.ts";
export * from "./values/principal.ts";
export * from "./values/principal-schema.ts";
export * from "./values/provenance.ts";
export * from "./values/push.ts";
export * from "./values/record.ts";
export * from "./values/secret-store.ts";
export * from "./wire/command.ts";
