// For `node --import`: writes the addresses of all modules that the process loads, as they come.
import * as fs from "node:fs";
import { registerHooks } from "node:module";

const file = process.env.MH_TEST_MODULES ?? "";

registerHooks({
  load(url, context, next) {
    fs.appendFileSync(file, `${url}\n`);
    return next(url, context);
  },
});
