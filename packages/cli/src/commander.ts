export { Command } from "commander";
