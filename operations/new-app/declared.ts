/** Answers as an app, and what is wrong with them before anybody looks at the app. */
import { type AppDeclaration, type AppProps, app } from "../../lib/app/declaration.ts";
import { APP_SIZES, type AppSize } from "../../lib/app/sizes.ts";
import { environmentNames } from "../cli/environment-argument.ts";
import type { Answers } from "../cli/questions.ts";
import { hostFlag, hostFlags } from "./answers.ts";

/** Lists that may be given several times. */
export interface Lists {
  readonly secret: readonly string[];
  readonly "priority-at": readonly string[];
  readonly "resources-at": readonly string[];
  readonly "replicas-at": readonly string[];
}

/** The paths at which charts that `helm create` began take them. */
const USUAL_PLACES = {
  "priority-at": ["priorityClassName"],
  "resources-at": ["resources"],
  "replicas-at": ["replicaCount"],
} as const;

/** Words that cannot name a constant in a module, and what the file imports. */
const TAKEN_WORDS =
  /^(app|apps|arguments|await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|eval|export|extends|false|finally|for|function|if|implements|import|in|instanceof|interface|let|new|null|package|private|protected|public|return|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while|with|yield)$/;

/** `itTools` of `it-tools`. */
export const identifierOf = (name: string): string => {
  const camel = name.replaceAll(/-+(.)/g, (_, letter: string) => letter.toUpperCase());
  return TAKEN_WORDS.test(camel) ? `${camel}App` : camel;
};

const isSize = (text: string | undefined): text is AppSize =>
  text !== undefined && Object.hasOwn(APP_SIZES, text);
const isEnvironment = (text: string): boolean => environmentNames.includes(text);

const environmentsIn = (text = ""): string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** Problems of answers that the app's own rules do not see. */
export const answerProblems = (answers: Answers): string[] => {
  const { image, about, size, port, env } = answers;
  const charted = ["chart", "chart-repo", "chart-version"].filter((flag) => answers[flag]);
  const hosted = hostFlags.filter((flag) => answers[flag]);
  const got = (value: string | undefined) => `got ${JSON.stringify(value ?? "")}`;
  return [
    ...(image && charted.length > 0
      ? [`--image: must stand alone, not beside --${charted.join(", --")}: ${got(image)}`]
      : []),
    ...(about !== undefined && /\*\/|\n/.test(about)
      ? [`--about: must be one line without */: ${got(about)}`]
      : []),
    ...(size !== undefined && !isSize(size)
      ? [`--size: must be one of ${Object.keys(APP_SIZES).join(", ")}: ${got(size)}`]
      : []),
    ...(port !== undefined && port !== "none" && !/^\d+$/.test(port)
      ? [`--port: must be a number, or none: ${got(port)}`]
      : []),
    ...(hosted.length > 0 && env
      ? [`--env: must not stand beside --${hosted.join(", --")}, which say it: ${got(env)}`]
      : []),
    ...(env && environmentsIn(env).some((name) => !isEnvironment(name))
      ? [`--env: must be of ${environmentNames.join(", ")}: ${got(env)}`]
      : []),
  ];
};

/** The fields of the app, in the order in which its file has them. What is malformed or missing is put right, to look at the rest. */
const propsOf = (answers: Answers, lists: Lists): Readonly<Record<string, unknown>> => {
  const { image, chart, port, size, isolated, namespace, env } = answers;
  const repository = answers["chart-repo"];
  const version = answers["chart-version"];
  const hosts = environmentNames.flatMap((name) => {
    const host = answers[hostFlag(name)];
    return host ? [[name, host] as const] : [];
  });
  const environments = environmentsIn(env).filter(isEnvironment);
  const places = {
    priorityClassName: given(lists["priority-at"], USUAL_PLACES["priority-at"]),
    resources: given(lists["resources-at"], USUAL_PLACES["resources-at"]),
    replicas: given(lists["replicas-at"], USUAL_PLACES["replicas-at"]),
  };
  const source =
    image || !(chart || repository || version)
      ? { image: image || "unknown/unknown:v0" }
      : {
          chart: {
            repository: repository ?? "https://example.org",
            name: chart ?? "unknown",
            version: version ?? "0.0.0",
          },
          places,
        };
  return {
    ...source,
    port: port === "none" ? "none" : /^\d+$/.test(port ?? "") ? Number(port) : 80,
    ...(hosts.length > 0
      ? { host: Object.fromEntries(hosts) }
      : { environments: environments.length > 0 ? environments : [...environmentNames] }),
    size: isSize(size) ? size : "xs",
    ...(namespace && { namespace }),
    ...(lists.secret.length > 0 && { secrets: lists.secret }),
    ...(hosts.length === 0 && isolated && { isolated }),
  };
};

/** `none` says that the chart has no such place. */
const given = (values: readonly string[], usual: readonly string[]): readonly string[] =>
  values.length === 0 ? usual : values.filter((value) => value !== "none");

export const declaredApp = (answers: Answers, lists: Lists): AppDeclaration =>
  app(answers.name || "unknown", propsOf(answers, lists) as unknown as AppProps);
