/** What `homelab new-app` has to know, as flags or as questions. */
import { environmentNames } from "../cli/environment-argument.ts";
import type { Ask } from "../cli/terminal.ts";

/** One thing to know. */
export interface Question {
  /** Flag, without its dashes. */
  readonly flag: string;
  readonly ask: string;
  /** What an empty answer means; undefined when there has to be one. */
  readonly otherwise?: string;
  /** Whether it has to be known, given the answers so far. @default - always */
  readonly when?: (answers: Answers) => boolean;
}

export type Answers = Readonly<Record<string, string | undefined>>;

/** The flag with an app's host in an environment. */
export const hostFlag = (environment: string): string => `host-${environment}`;
export const hostFlags: readonly string[] = environmentNames.map(hostFlag);

const isChart = ({ image, chart, "chart-repo": repository, "chart-version": version }: Answers): boolean =>
  !image && [chart, repository, version].some((each) => each !== undefined && each !== "");
const isReachable = (answers: Answers): boolean => hostFlags.some((flag) => answers[flag]);

export const QUESTIONS: readonly Question[] = [
  { flag: "name", ask: "Name, a DNS label" },
  { flag: "about", ask: "What it does, in one sentence" },
  {
    flag: "image",
    ask: "Image with its tag; empty for a Helm chart",
    otherwise: "",
    when: (answers) => !isChart(answers),
  },
  { flag: "chart-repo", ask: "Helm repository, https:// or oci://", when: ({ image }) => !image },
  { flag: "chart", ask: "Chart", when: ({ image }) => !image },
  { flag: "chart-version", ask: "Exact version of the chart", when: ({ image }) => !image },
  ...environmentNames.map((name) => ({
    flag: hostFlag(name),
    ask: `Host name in ${name}; empty for none`,
    otherwise: "",
  })),
  {
    flag: "env",
    ask: "Environments, separated by commas",
    otherwise: environmentNames.join(","),
    when: (answers) => !isReachable(answers),
  },
  {
    flag: "isolated",
    ask: "Nothing reaches it, and it reaches nothing: why is that right?",
    when: (answers) => !isReachable(answers),
  },
  { flag: "port", ask: "Container port; none when nobody calls it" },
  { flag: "size", ask: "Size of a pod, xs to xl", otherwise: "s" },
];

/** Says what is wrong with the answer to a question, given all answers so far. */
export type Check = (flag: string, answers: Answers) => string | undefined;

/** Answers to what `given` leaves open, one question after the other; one that is refused is asked again. */
export const asked = async (given: Answers, ask: Ask, check: Check): Promise<Answers> => {
  let answers = given;
  for (const { flag, ask: text, otherwise, when } of QUESTIONS) {
    if (answers[flag] !== undefined || when?.(answers) === false) continue;
    const withAnswer = (answer: string) => ({ ...answers, [flag]: answer === "" ? otherwise : answer });
    const problem = (answer: string) =>
      answer === "" && otherwise === undefined ? `--${flag}: must be given` : check(flag, withAnswer(answer));
    answers = withAnswer((await ask(`${text}${otherwise ? ` [${otherwise}]` : ""}`, problem)).trim());
  }
  return answers;
};

/** What nobody answered and has to be known. */
export const missing = (answers: Answers): string[] =>
  QUESTIONS.filter(({ flag, otherwise, when }) => {
    const isOpen = answers[flag] === undefined && otherwise === undefined;
    return isOpen && when?.(answers) !== false;
  }).map(({ flag, ask }) => `--${flag}: must be given: ${ask}`);

/** Answers with what an empty one means. */
export const completed = (answers: Answers): Answers => {
  const all: Record<string, string | undefined> = { ...answers };
  for (const { flag, otherwise, when } of QUESTIONS)
    if (all[flag] === undefined && otherwise !== undefined && when?.(all) !== false) all[flag] = otherwise;
  return all;
};
