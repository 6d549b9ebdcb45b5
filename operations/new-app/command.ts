/** `npm run new-app`: what it asks, refuses, writes and returns. */
import { parseArgs } from "node:util";
import { type AppDeclaration, environmentsOf } from "../../lib/app/declaration.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { type Answers, asked, completed, missing, QUESTIONS } from "./answers.ts";
import { answerProblems, declaredApp, identifierOf, type Lists } from "./declared.ts";
import type { Essentials } from "./essentials.ts";
import { appFile, appText, INDEX, IndexError, indexWith, testFile, testText } from "./files.ts";

const USAGE = `usage: npm run new-app                          asks
       npm run new-app -- --name NAME --about SENTENCE --image IMAGE --port PORT
           [--host-dev HOST] [--host-prod HOST] [--env dev,prod --isolated WHY] [--size xs|s|m|l|xl]
       instead of --image:  --chart-repo URL --chart NAME --chart-version VERSION
           [--priority-at PATH]… [--resources-at PATH]… [--replicas-at PATH]…   places in its values, or none
       with either:  [--namespace NAMESPACE] [--secret PATH]…

Writes apps/NAME.ts, its test and its line in apps/index.ts. Never overwrites a file.

exit codes: 0 written; 1 refused; 2 wrong use`;

/** What the command needs of the project. */
export interface NewAppWorld {
  readonly declarations: readonly AppDeclaration[];
  /** What synthesis says against all the apps together, a line each. */
  readonly prove: (declarations: readonly AppDeclaration[]) => readonly string[];
  /** What the new app is in each environment, once nothing speaks against it. */
  readonly essentials: (
    declaration: AppDeclaration,
    all: readonly AppDeclaration[],
  ) => ReadonlyMap<string, Essentials>;
  readonly exists: (path: string) => boolean;
  readonly read: (path: string) => string;
  /** Writes a file, formatted; `isNew` never overwrites. */
  readonly write: (path: string, text: string, isNew: boolean) => void;
  /** Undefined when there is nobody to ask. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

class Refusal extends Error {}

/** Returns the exit code. */
export const newAppCommand = async (
  args: readonly string[],
  world: NewAppWorld,
  out: (line: string) => void,
): Promise<number> => {
  try {
    const { answers: given, lists } = parse(args);
    const answers = completed(world.ask ? await asked(given, world.ask) : given);
    const declaration = declaredApp(answers, lists);
    refuse([
      ...missing(answers),
      ...answerProblems(answers),
      ...nameProblems(declaration.name, world),
      ...world.prove([...world.declarations, declaration]),
    ]);
    write(declaration, answers, world);
    nextSteps(declaration).forEach(out);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) out(`${error.message}\n\n${USAGE}`);
    else if (error instanceof Refusal || error instanceof IndexError) out(error.message);
    else throw error;
    return error instanceof UsageError ? 2 : 1;
  }
};

const LISTS = ["secret", "priority-at", "resources-at", "replicas-at"] as const;

const parse = (args: readonly string[]): { answers: Answers; lists: Lists } => {
  const single = [...QUESTIONS.map(({ flag }) => flag), "namespace"];
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...Object.fromEntries(single.map((flag) => [flag, { type: "string" as const }])),
        ...Object.fromEntries(LISTS.map((flag) => [flag, { type: "string" as const, multiple: true }])),
      },
    });
    const given = values as Record<string, string | string[] | undefined>;
    const list = (flag: (typeof LISTS)[number]) => given[flag] ?? [];
    return {
      answers: Object.fromEntries(single.map((flag) => [flag, given[flag]])) as Answers,
      lists: Object.fromEntries(LISTS.map((flag) => [flag, list(flag)])) as unknown as Lists,
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

const refuse = (problems: readonly string[]): void => {
  const all = [...new Set(problems)];
  if (all.length === 0) return;
  const count = `${all.length} ${all.length === 1 ? "problem" : "problems"}`;
  throw new Refusal([`${count}, nothing was written:`, ...all.map((line) => `  ${line}`)].join("\n"));
};

const nameProblems = (name: string, { declarations, exists }: NewAppWorld): string[] => [
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

const nextSteps = (declaration: AppDeclaration): string[] => {
  const { name, props } = declaration;
  return [
    `${appFile(name)}, ${testFile(name)} and a line in ${INDEX} are written. Next:`,
    ...(props.chart ? [`  check places and port in ${appFile(name)} against the chart's own values`] : []),
    "  npm run logical-ids                                      # commits the new addresses",
    "  npx vitest run __tests__/stacks/snapshot.test.ts -u      # and look at the difference",
    `  npm run explain -- ${environmentsOf(declaration)[0] ?? "dev"}/${name}`,
  ];
};
