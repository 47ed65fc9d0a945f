// Makes dist/packages/{contract,core,host,testing}, which `npm pack` and `npm publish` take as they are: JavaScript, its
// types, and an `exports` that names the public entries and nothing else.
import { join } from "node:path";
import { root } from "./libraries/library.ts";
import { makeLibraries } from "./libraries/make-libraries.ts";

const folder = join(root, "dist", "packages");
await makeLibraries(folder);
console.log(folder);
