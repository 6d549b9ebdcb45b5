/** Things that a command has to know, as flags or as questions. */
import type { Ask } from "./terminal.ts";

/** One thing to know. */
export interface Question {
  /** Flag, without its dashes. */
  readonly flag: string;
  readonly ask: string;
  /** The meaning of an empty answer, maybe by the answers so far; undefined when there has to be one. */
  readonly otherwise?: string | ((answers: Answers) => string);
  /** True when it has to be known, given the answers so far. @default - always */
  readonly when?: (answers: Answers) => boolean;
}

export type Answers = Readonly<Record<string, string | undefined>>;

/** Says what is wrong with the answer to a question, given all answers so far. */
export type AnswerCheck = (flag: string, answers: Answers) => string | undefined;

const meaningOf = ({ otherwise }: Question, answers: Answers): string | undefined =>
  typeof otherwise === "function" ? otherwise(answers) : otherwise;

/** Answers to what `given` leaves open, one question after the other; one that is refused is asked again. */
export const asked = async (
  questions: readonly Question[],
  given: Answers,
  ask: Ask,
  check: AnswerCheck,
): Promise<Answers> => {
  let answers = given;
  for (const question of questions) {
    const { flag, ask: text, when } = question;
    if (answers[flag] !== undefined || when?.(answers) === false) continue;
    const otherwise = meaningOf(question, answers);
    const withAnswer = (answer: string) => ({ ...answers, [flag]: answer === "" ? otherwise : answer });
    const problem = (answer: string) =>
      answer === "" && otherwise === undefined ? `--${flag}: must be given` : check(flag, withAnswer(answer));
    answers = withAnswer((await ask(`${text}${otherwise ? ` [${otherwise}]` : ""}`, problem)).trim());
  }
  return answers;
};

/** Lists the questions that nobody answered and that have to be. */
export const missing = (questions: readonly Question[], answers: Answers): string[] =>
  questions
    .filter(({ flag, otherwise, when }) => {
      const isOpen = answers[flag] === undefined && otherwise === undefined;
      return isOpen && when?.(answers) !== false;
    })
    .map(({ flag, ask }) => `--${flag}: must be given: ${ask}`);

/** Answers with what an empty one means. */
export const completed = (questions: readonly Question[], answers: Answers): Answers => {
  const all: Record<string, string | undefined> = { ...answers };
  for (const question of questions) {
    const { flag, when } = question;
    if (all[flag] === undefined && when?.(all) !== false) all[flag] = meaningOf(question, all);
  }
  return all;
};
