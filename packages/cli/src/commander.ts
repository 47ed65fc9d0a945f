export { Command } from "@commander-js/extra-typings";
