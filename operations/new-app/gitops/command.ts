/** `homelab new-app --from-gitops`: an app of the GitOps repository becomes one of this project. */
import { app } from "../../../lib/app/declaration.ts";
import { counted } from "../../../lib/core/lists.ts";
import { environmentNames } from "../../cli/environment-argument.ts";
import { type NewAppWorld, nameProblems, nextSteps, refuse } from "../command.ts";
import { appFile, appText, INDEX, indexWith, testFile, testText } from "../files.ts";
import { type CarriedApp, carriedApp } from "./carried.ts";
import { readGitopsApp } from "./source.ts";

export interface GitopsAppRequest {
  readonly directory: string;
  /** @default - the directory's */
  readonly name?: string | undefined;
  readonly about?: string | undefined;
}

/**
 * Writes the app, whatever synth still says against it: that is what is left to edit. Returns the exit code.
 * @param storageClass of claims that name none
 */
export const gitopsAppCommand = async (
  { directory, name, about }: GitopsAppRequest,
  storageClass: string,
  world: NewAppWorld,
  out: (line: string) => void,
): Promise<number> => {
  const gitops = readGitopsApp(directory, environmentNames);
  const found = carriedApp(gitops, name ?? gitops.name, { apps: world.declarations, storageClass });
  const { carried, problems } = withRoom(found, newProblems(found, world), world);
  const beside = [...carried.files].map(([path, text]) => [`apps/${path}`, text] as const);
  refuse([
    ...nameProblems(carried.declaration.name, world),
    ...world.declarations
      .filter((each) => each.name === carried.declaration.name)
      .map((each) => `--name: must be another than that of an app here: got ${JSON.stringify(each.name)}`),
    ...beside.flatMap(([path]) =>
      world.exists(path) ? [`${path}: is there already, and is not overwritten`] : [],
    ),
  ]);
  write(carried, about, problems.length === 0, world);
  for (const [path, text] of beside) world.writeBeside(path, text);
  const failed = problems.length > 0 ? [] : await world.generate();
  for (const line of [...report(carried, problems), ...failed]) out(line);
  return problems.length + failed.length > 0 ? 1 : 0;
};

/** The lines of synth about an app that does not fit. */
const NO_ROOM = /^(capacity: |namespaces\.[a-z0-9-]+\.size: |apps\.[a-z0-9-]+\.size: )/;

/** The app as it is, or hibernating where there is no room for its pods: the GitOps side runs them meanwhile. */
const withRoom = (carried: CarriedApp, problems: readonly string[], world: NewAppWorld) => {
  const tight = problems.filter((line) => NO_ROOM.test(line));
  if (tight.length === 0) return { carried, problems };
  const { name, props } = carried.declaration;
  const asleep: CarriedApp = {
    ...carried,
    declaration: app(name, { ...props, hibernate: true }),
    notes: [
      ...carried.notes,
      ...tight.map((line) => `it hibernates here, as there is no room for it: ${line.split("\n")[0]}`),
    ],
  };
  const left = newProblems(asleep, world);
  return left.length < problems.length ? { carried: asleep, problems: left } : { carried, problems };
};

/** Lists what synth says against the app, and did not say before. */
const newProblems = ({ declaration }: CarriedApp, world: NewAppWorld): string[] => {
  const problems = new Set(world.prove([...world.declarations, declaration]));
  if (problems.size === 0) return [];
  const before = new Set(world.prove(world.declarations));
  return [...problems].filter((line) => !before.has(line));
};

const write = (
  { declaration, notes }: CarriedApp,
  about: string | undefined,
  isSound: boolean,
  world: NewAppWorld,
): void => {
  const { name } = declaration;
  const index = indexWith(world.read(INDEX), name);
  const comments = notes.map((note) => `In GitOps: ${note}`);
  world.write(appFile(name), appText(declaration, about, comments), true);
  world.write(INDEX, index, false);
  if (!isSound) return;
  const essentials = world.essentials(declaration, [...world.declarations, declaration]);
  world.write(testFile(name), testText(name, essentials), true);
};

const report = ({ declaration, notes }: CarriedApp, problems: readonly string[]): string[] => {
  const { name } = declaration;
  const heading = `${notes.length} not carried over, or otherwise here; they stand in ${appFile(name)}:`;
  const told = notes.length === 0 ? [] : [heading, ...notes.map((note) => `  ${note}`)];
  if (problems.length === 0) return [...told, ...nextSteps(declaration)];
  return [
    ...told,
    `${appFile(name)} and a line in ${INDEX} are written. ${counted(problems.length, "thing")} ${problems.length === 1 ? "is" : "are"} to be edited before it synthesizes:`,
    ...problems.map((line) => `  ${line}`),
    "Then: npm run synth; npm run homelab -- logical-ids --write; npm run homelab -- diagrams; npm run homelab -- runbook",
  ];
};
