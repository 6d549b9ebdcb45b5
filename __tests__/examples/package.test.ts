/** The package as somebody else installs it: packed, unpacked into a homelab of its own, type-checked and synthesized. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

const NAME = "terravixens";
const TSCONFIG = { extends: "terravixens/tsconfig.json", include: ["*.ts"] };

/** Every package that is installed here, linked; scopes are folders of their own. */
const linkPackages = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter((each) => each !== NAME && each !== ".cache")) {
    if (name.startsWith("@")) linkPackages(join(from, name), join(to, name));
    else symlinkSync(join(from, name), join(to, name));
  }
};

describe("a homelab that installs the package", { timeout: 120_000 }, () => {
  const home = mkdtempSync(join(tmpdir(), "packed-"));
  const installed = join(home, "node_modules", NAME);
  const run = (program: string, ...args: string[]): string =>
    execFileSync(program, args, { cwd: home, encoding: "utf8", stdio: "pipe" });
  const bin = (name: string) => join(home, "node_modules/.bin", name);

  beforeAll(() => {
    const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", home], {
      encoding: "utf8",
    }).trim();
    linkPackages(resolve("node_modules"), join(home, "node_modules"));
    mkdirSync(installed);
    run("tar", "xzf", packed, "-C", installed, "--strip-components", "1");
    for (const file of ["environment.ts", "apps.ts", "main.ts"])
      cpSync(join("examples/three-nodes", file), join(home, file));
    writeFileSync(join(home, "package.json"), JSON.stringify({ name: "rack", type: "module" }));
    writeFileSync(join(home, "tsconfig.json"), JSON.stringify(TSCONFIG));
  }, 120_000);

  test("gets the constructs, and neither tests nor the apps and environments of this homelab", () => {
    expect(readdirSync(installed).sort()).toEqual(
      [
        "LICENSE",
        "README.md",
        "bin",
        "environments",
        "lib",
        "package.json",
        "stacks",
        "tsconfig.json",
      ].sort(),
    );
    expect(existsSync(join(installed, "environments/schema.ts"))).toBe(true);
    expect(existsSync(join(installed, "environments/prod.ts"))).toBe(false);
  });

  test("type-checks, and is told what is wrong", () => {
    expect(() => run(bin("tsc"))).not.toThrow();
    writeFileSync(
      join(home, "wrong.ts"),
      'import { app } from "terravixens/lib/app";\nexport const a = app("a", { image: 1 });\n',
    );
    const told = (): string => {
      try {
        return run(bin("tsc"));
      } catch (error) {
        return String((error as { stdout: string }).stdout);
      }
    };
    expect(told()).toMatch(/^wrong\.ts\(2,/m);
  });

  test("synthesizes, and its network is proved", () => {
    const report = run(bin("tsx"), "main.ts");
    expect(report).toMatch(/^rack-apps +\d+ +\d{4,} /m);
    expect(existsSync(join(home, "cdktf.out/stacks/rack-platform/cdk.tf.json"))).toBe(true);
  });
});
