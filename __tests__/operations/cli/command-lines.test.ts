import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commandLineProblems } from "./command-lines.ts";

const files = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" })
  .split("\0")
  .filter((file) => /\.(md|ya?ml|ts|mjs|json)$|^\.ci\//.test(file) && !file.startsWith("__tests__/"))
  .filter((file) => file !== "package-lock.json" && file !== "docs/commands.md");

test.each([
  ["npm run deploy -- dev", "npm run deploy: there is no such script"],
  ["npm run homelab -- deplyo dev", "homelab deplyo: there is no such command"],
  ["npm run --silent homelab -- deploy dev --force", "homelab deploy --force: there is no such option"],
  ["npx homelab reach live dev --polices x", "homelab live --polices: there is no such option"],
  ["`npx homelab drop`", "homelab drop: there is no such command"],
  ["npm run homelab -- plan dev \\\n  --loud", "homelab plan --loud: there is no such option"],
])("%s is found", (text, problem) => {
  expect(commandLineProblems(text)).toEqual([problem]);
});

test("what there is passes", () => {
  const lines = [
    "npm test && npm run synth",
    "npm run homelab -- COMMAND …",
    "`npx homelab deploy dev --yes` | tee x",
  ];
  expect(lines.flatMap(commandLineProblems)).toEqual([]);
});

test("documents, messages, workflows and checks name commands and options that there are", () => {
  const problems = files.flatMap((file) =>
    commandLineProblems(readFileSync(file, "utf8")).map((problem) => `${file}: ${problem}`),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(problems).toEqual([]);
});
