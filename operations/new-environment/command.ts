/** `homelab new-environment`: what it asks, refuses, writes and returns. */
import {
  type Environment,
  EnvironmentError,
  parseEnvironments,
  problemLine,
} from "../../environments/schema.ts";
import { isMeantAsIpv6, NO_IPV6 } from "../../lib/core/values/ipv4-address.ts";
import { Subnet } from "../../lib/core/values/subnet.ts";
import { type AnswerCheck, type Answers, asked, completed, missing } from "../cli/questions.ts";
import type { Ask } from "../cli/terminal.ts";
import { identifierOf } from "../new-app/declared.ts";
import { draftOf, fileOf } from "./draft.ts";
import { ENVIRONMENT_QUESTIONS, workersOf } from "./questions.ts";

const INDEX = "environments/index.ts";
const FACTS = "environments/recorded/chart-facts.ts";

/** The project, as far as the command needs it. */
export interface NewEnvironmentWorld {
  /** The environments that there are, as they are written. */
  readonly environments: readonly { readonly name: string }[];
  /** YYYY-MM-DD. */
  readonly today: string;
  readonly exists: (path: string) => boolean;
  readonly read: (path: string) => string;
  /** Writes a file, formatted; `isNew` never overwrites. */
  readonly write: (path: string, text: string, isNew: boolean) => void;
  /** Writes what follows from the environments; returns a line for each thing that could not be written. */
  readonly generate: () => Promise<readonly string[]>;
  /** Lists what synthesis refuses of an environment with the apps that live in it, a line each. */
  readonly prove: (environment: Environment) => readonly string[];
  /** Undefined when there is nobody to ask. */
  readonly ask: Ask | undefined;
}

const fileName = (name: string): string => `environments/${name}.ts`;
const factsFile = (name: string): string => `environments/recorded/charts/${name}.json`;

/** Returns the exit code. */
export const newEnvironmentCommand = async (
  given: Answers,
  world: NewEnvironmentWorld,
  out: (line: string) => void,
): Promise<number> => {
  const check: AnswerCheck = (flag, answers) =>
    flag === "name"
      ? nameProblem(answers.name ?? "", world)
      : problemsOf(
          completed(ENVIRONMENT_QUESTIONS, { ...PLACEHOLDERS, ...answered(answers) }),
          world,
          PROVED_AT_ONCE.includes(flag),
        )[0];
  const answers = completed(
    ENVIRONMENT_QUESTIONS,
    world.ask ? await asked(ENVIRONMENT_QUESTIONS, given, world.ask, check) : given,
  );
  const open = missing(ENVIRONMENT_QUESTIONS, answers);
  const named = nameProblem(answers.name ?? "", world);
  const problems = open.length > 0 ? open : [...(named ? [named] : problemsOf(answers, world))];
  if (problems.length > 0) {
    const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
    throw new Error([`${count}, nothing was written:`, ...problems.map((line) => `  ${line}`)].join("\n"));
  }
  write(answers, world);
  const failed = await world.generate();
  closing(answers.name ?? "", failed).forEach(out);
  return failed.length > 0 ? 1 : 0;
};

/** The last answers that decide what fits: synthesis is asked when they are given, and in the end. */
const PROVED_AT_ONCE = ["cpu", "memory"];

/** Answers without flags that nobody gave. */
const answered = (answers: Answers): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([, answer]) => answer !== undefined));

/** Stand for what has not been asked yet, while an answer is judged. */
const PLACEHOLDERS: Answers = {
  domain: "home.example.org",
  address: "192.168.1.20/24",
  mac: "7c:83:34:00:00:01",
};

const nameProblem = (
  name: string,
  { environments, exists, read }: NewEnvironmentWorld,
): string | undefined => {
  if (!/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
    return `--name: must be a DNS label that begins with a letter, lower case: got ${JSON.stringify(name)}`;
  if (environments.some((each) => each.name === name))
    return `--name: there is an environment ${name} already`;
  const constant = identifierOf(name);
  if (
    [INDEX, FACTS].some((path) =>
      new RegExp(`\\b(const|import|type) (\\{ ?)?${constant}\\b`).test(read(path)),
    )
  )
    return `--name: must be a name that ${INDEX} and ${FACTS} have not in use: got ${JSON.stringify(name)}`;
  return exists(fileName(name)) ? `${fileName(name)}: is there already, and is not overwritten` : undefined;
};

/** Flags by the fields that follow from them; the first that fits. */
const FLAGS: readonly (readonly [field: RegExp, flag: string])[] = [
  [/\.vip$/, "vip"],
  [/\.gateway$/, "gateway"],
  [/\.nameservers/, "nameserver"],
  [/\.maintenanceAddress$/, "maintenance"],
  [/\.cluster\..*ubnet$|\.vlans.*address$/, "address"],
  [/\.loadBalancer\.(static|automatic)|argocd\.address/, "services"],
  [/\.mac$/, "mac"],
  [/\.interfaces?(\[|$)/, "interface"],
  [/\.installDisk$/, "disk"],
  [/\.cpu$/, "cpu"],
  [/\.memory$/, "memory"],
  [/\.domain$|\.hostname$/, "domain"],
  [/\.bootstrapNode$|\.name$/, "node"],
];

/** A problem by the flag that mends it. */
const byFlag =
  (answers: Answers) =>
  (problem: EnvironmentError["problems"][number]): string => {
    const isOfWorker = workersOf(answers)?.some(({ name }) => problem.path.includes(`.nodes.${name}.`));
    const [, flag] = isOfWorker ? ["", "workers"] : (FLAGS.find(([field]) => field.test(problem.path)) ?? []);
    return flag === undefined ? problemLine(problem) : `--${flag}: ${problemLine(problem)}`;
  };

/** Answers that nothing can be made of: what follows from them is not judged. */
const unreadable = (answers: Answers): string[] => {
  const { address = "", workers } = answers;
  const family = isMeantAsIpv6(address) ? NO_IPV6 : "must be an IPv4 address with a prefix length";
  return [
    ...(Subnet.isCidr(address)
      ? []
      : [`--address: ${family}, e.g. 192.168.1.20/24: got ${JSON.stringify(address)}`]),
    ...(workersOf(answers)
      ? []
      : [`--workers: must be NAME=ADDRESS=MAC, by commas: got ${JSON.stringify(workers)}`]),
  ];
};

/** Problems of the new environment, alone and beside the others; of one that is sound, what synthesis refuses. */
const problemsOf = (
  answers: Answers,
  { environments, today, prove }: NewEnvironmentWorld,
  isProved = true,
): readonly string[] => {
  const malformed = unreadable(answers);
  if (malformed.length > 0) return malformed;
  try {
    const added = parseEnvironments([...environments, draftOf(answers, today)], { today }).at(-1);
    return isProved && added ? prove(added) : [];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return error.problems.map(byFlag(answers));
  }
};

const write = (answers: Answers, world: NewEnvironmentWorld): void => {
  const { name = "" } = answers;
  const constant = identifierOf(name);
  const index = inserted(world.read(INDEX), `import { ${constant} } from "./${name}.ts";`, constant);
  const facts = inserted(
    world.read(FACTS),
    `import ${constant} from "./charts/${name}.json" with { type: "json" };`,
    constant === name ? name : `${JSON.stringify(name)}: ${constant}`,
  );
  world.write(fileName(name), fileOf(answers, world.today), true);
  world.write(factsFile(name), '{ "kubernetes": "", "charts": {} }\n', true);
  world.write(INDEX, index, false);
  world.write(FACTS, facts, false);
};

const LIST = /((?:const environments: readonly EnvironmentInput\[\]|const RECORDED) = [[{])([^\]}]*)([\]}])/;

/** A file with one more import, and one more entry of its list. */
const inserted = (text: string, importLine: string, entry: string): string => {
  if (!LIST.test(text)) throw new Error(`must hold the list of environments: got ${text.slice(0, 60)}…`);
  return `${importLine}\n${text.replace(
    LIST,
    (_, before: string, inside: string, after: string) => `${before}${inside.trim()}, ${entry}${after}`,
  )}`;
};

const closing = (name: string, failed: readonly string[]): string[] => [
  `${fileName(name)} is written, and a line in ${INDEX}.`,
  ...failed,
  "Next:",
  `  read ${fileName(name)}: what is guessed stands under assumptions, what nobody has confirmed under acceptedRisks`,
  "  npm run homelab -- new-app   # asks for an app",
  "  npm run synth",
  `  npm run homelab -- chart-facts ${name}   # what charts become: then more is proved`,
  `  npm run homelab -- deploy ${name}`,
];
