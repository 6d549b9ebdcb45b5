/** `homelab new-app`: what it asks, refuses, writes and returns. */

import { type AppDeclaration, environmentsOf } from "../../lib/app/declaration.ts";
import { counted } from "../../lib/core/lists.ts";
import { environmentNames } from "../cli/environment-argument.ts";
import { type AnswerCheck, type Answers, asked, completed, missing } from "../cli/questions.ts";
import type { Ask } from "../cli/terminal.ts";
import { APP_QUESTIONS } from "./answers.ts";
import { answerProblems, declaredApp, identifierOf, type Lists } from "./declared.ts";
import type { Essentials } from "./essentials.ts";
import { appFile, appText, INDEX, indexWith, testFile, testText } from "./files.ts";

/** The project, as far as the command needs it. */
export interface NewAppWorld {
  readonly declarations: readonly AppDeclaration[];
  /** Lists what synthesis says against all the apps together, a line each. */
  readonly prove: (declarations: readonly AppDeclaration[]) => readonly string[];
  /** Describes the new app in each environment, once nothing speaks against it. */
  readonly essentials: (
    declaration: AppDeclaration,
    all: readonly AppDeclaration[],
  ) => ReadonlyMap<string, Essentials>;
  readonly exists: (path: string) => boolean;
  readonly read: (path: string) => string;
  /** Writes a file, formatted; `isNew` never overwrites. */
  readonly write: (path: string, text: string, isNew: boolean) => void;
  /** Writes a file beside an app's own as it is, and never over another. */
  readonly writeBeside: (path: string, text: string) => void;
  /** Writes what follows from the apps; returns a line for each thing that could not be written. */
  readonly generate: () => Promise<readonly string[]>;
  /** Undefined when there is nobody to ask. */
  readonly ask: Ask | undefined;
}

/** Returns the exit code. */
export const newAppCommand = async (
  given: Answers,
  lists: Lists,
  world: NewAppWorld,
  out: (line: string) => void,
): Promise<number> => {
  const answers = completed(
    APP_QUESTIONS,
    world.ask ? await asked(APP_QUESTIONS, given, world.ask, problemOf(world)) : given,
  );
  const declaration = declaredApp(answers, lists);
  refuse([
    ...missing(APP_QUESTIONS, answers),
    ...answerProblems(answers),
    ...nameProblems(declaration.name, world),
    ...world.prove([...world.declarations, declaration]),
  ]);
  write(declaration, answers, world);
  const failed = await world.generate();
  [...nextSteps(declaration), ...failed].forEach(out);
  return failed.length > 0 ? 1 : 0;
};

/** Judges an answer by itself, as soon as it is given. */
const problemOf =
  (world: NewAppWorld): AnswerCheck =>
  (flag, answers) => {
    const name = answers.name ?? "";
    const malformed = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name)
      ? nameProblems(name, world)
      : [`--name: must be a DNS label, lower case: got ${JSON.stringify(name)}`];
    const problems = flag === "name" ? malformed : answerProblems(answers);
    return problems.find((line) => flag === "name" || line.startsWith(`--${flag}:`));
  };

export const refuse = (problems: readonly string[]): void => {
  const all = [...new Set(problems)];
  if (all.length === 0) return;
  throw new Error(
    [
      `${counted(all.length, "problem")}, nothing was written:`,
      ...all.map((line) => `  ${line.replaceAll("\n", "\n    ")}`),
    ].join("\n"),
  );
};

export const nameProblems = (name: string, { declarations, exists }: NewAppWorld): string[] => [
  ...declarations
    .filter((each) => each.name !== name && identifierOf(each.name) === identifierOf(name))
    .map((each) => `--name: must not be written like ${each.name} in code: got ${JSON.stringify(name)}`),
  ...(/^[a-z0-9-]+$/.test(name) ? [appFile(name), testFile(name)] : [])
    .filter(exists)
    .map((path) => `${path}: is there already, and is not overwritten: choose another --name`),
];

const write = (declaration: AppDeclaration, answers: Answers, world: NewAppWorld): void => {
  const { name } = declaration;
  const index = indexWith(world.read(INDEX), name);
  const essentials = world.essentials(declaration, [...world.declarations, declaration]);
  world.write(appFile(name), appText(declaration, answers.about), true);
  world.write(testFile(name), testText(name, essentials), true);
  world.write(INDEX, index, false);
};

export const nextSteps = (declaration: AppDeclaration): string[] => {
  const { name, props } = declaration;
  const homes = environmentsOf(declaration, environmentNames);
  return [
    `${appFile(name)}, ${testFile(name)} and a line in ${INDEX} are written. Next:`,
    ...(props.chart ? [`  check places and port in ${appFile(name)} against the chart's own values`] : []),
    "  git diff   # addresses and snapshots of the app are written with it",
    ...homes.map(
      (home) =>
        `  npm run homelab -- chart-facts ${home} ${name}   # what Helm makes of it: then more is proved`,
    ),
    `  npm run homelab -- explain ${homes[0] ?? environmentNames[0]}/${name}`,
  ];
};
