/** Questions of `homelab new-app`, which flags answer as well. */
import { environmentNames } from "../cli/environment-argument.ts";
import type { Answers, Question } from "../cli/questions.ts";

/** The flag with an app's host in an environment. */
export const hostFlag = (environment: string): string => `host-${environment}`;
export const hostFlags: readonly string[] = environmentNames.map(hostFlag);

const isChart = ({ image, chart, "chart-repo": repository, "chart-version": version }: Answers): boolean =>
  !image && [chart, repository, version].some((each) => each !== undefined && each !== "");
const isReachable = (answers: Answers): boolean => hostFlags.some((flag) => answers[flag]);

export const APP_QUESTIONS: readonly Question[] = [
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
  { flag: "size", ask: "Size of a pod, xs to xl", otherwise: "xs" },
];
