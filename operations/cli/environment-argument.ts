import { Argument, Option } from "@commander-js/extra-typings";
import { environments } from "../../environments/index.ts";
import { knownName } from "./known-name.ts";

/** The names of all environments. */
export const environmentNames: readonly string[] = environments.map(({ name }) => name);

const read = (name: string): string => knownName("environment", name, environmentNames);

/** An environment by its name; completion knows them. */
export const environmentArgument = (about = "the environment") =>
  new Argument("<environment>", about).choices(environmentNames).argParser(read);

/** `--env <environment>`. */
export const environmentOption = (about: string) =>
  new Option("--env <environment>", about).choices(environmentNames).argParser(read);
