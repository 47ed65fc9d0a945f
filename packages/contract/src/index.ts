// All that crosses an edge of mh: values, commands and their ends, contracts. A test holds that every file stands here.
export * from "./approvals.ts";
export * from "./calendar.ts";
export * from "./contract.ts";
export * from "./contracts.ts";
export * from "./devices.ts";
export * from "./disk.ts";

<<<<<<< HEAD

export * from "./inspect.ts";

=======

export * from "./import.ts";

>>>>>>> main

export * from "./mail.ts";
export * from "./notify.ts";
export * from "./programs.ts";
export * from "./runs.ts";
export * from "./secrets.ts";
export * from "./values/approval.ts";
export * from "./values/effect.ts";
export * from "./values/fault.ts";
export * from "./values/import-format.ts";
export * from "./values/mail-address.ts";
export * from "./values/mail-message.ts";
export * from "./values/mcp-server.ts";
export * from "./values/memory.ts";
export * from "./values/memory-facts.ts";
export * from "./values/notice.ts";
export * from "./values/outside-path.ts";
export * from "./values/principal.ts";
export * from "./values/principal-schema.ts";
export * from "./values/provenance.ts";
export * from "./values/push.ts";
export * from "./values/record.ts";
export * from "./values/secret-store.ts";
export * from "./values/text.ts";
export * from "./values/web-url.ts";
export * from "./web.ts";
export * from "./wire/command.ts";
export * from "./wire/event.ts";
export * from "./wire/outcome.ts";
export * from "./wire/progress.ts";
export * from "./wire/request.ts";
export * from "./wire/run.ts";
export * from "./wire/socket.ts";
export * from "./wire/verdict.ts";
