import type { Definition } from "../cli/definition.ts";
import { pathFrom } from "../cli/terminal.ts";

export const verifyBackup: Definition = {
  name: "verify-backup",
  summary: "say whether etcd could be restored from a backup, or why not",
  details: `Fetches a backup of etcd (of a prefix the newest), decrypts and decompresses it, checks its hash, and opens it
with etcd's own tool, etcdutl; changes nothing. It takes the key from AGE_IDENTITY or AGE_IDENTITY_FILE, for S3
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL_S3, and TMPDIR as the place where the plain
snapshot lies meanwhile.`,
  examples: [
    ["verify-backup s3://BUCKET/etcd/ --max-age 26h", "the newest backup, not older than a day"],
    ["verify-backup backup.age --output db.snapshot", "a file, and the plain snapshot for a restore"],
  ],
  exits: { 0: "good", 1: "refused, or it could not be checked" },
  json: `{ good: true, source: string, time?: string, ageSeconds?: number, … what the snapshot holds } |
{ good: false, source: string, refusals: { reason: string, message: string }[] }`,
  build: (command, run) =>
    command
      .argument("<source>", "a file, s3://bucket/key, or s3://bucket/prefix/")
      .option(
        "--output <file>",
        "write the plain snapshot when it is good; it holds every Secret of the cluster",
      )
      .option("--max-age <age>", "refuse an older one: 90m, 26h, 7d")
      .option("--decrypted", "the file was decrypted by hand")
      .option("--json", "print the verdict as JSON")
      .action(
        run(async (terminal, source, { output, maxAge, decrypted = false, json = false }) => {
          const { verifyCommand } = await import("../verify-backup/verify-command.ts");
          const whole = source.startsWith("s3://") ? source : pathFrom(terminal, source);
          const file = output && pathFrom(terminal, output);
          const request = { source: whole, output: file, maxAge, decrypted, json };
          terminal.err(`fetching and checking ${source} …`);
          const { AGE_IDENTITY_FILE: identity } = process.env;
          return verifyCommand(request, {
            environment: {
              ...process.env,
              ...(identity && { AGE_IDENTITY_FILE: pathFrom(terminal, identity) }),
            },
            now: new Date(),
            store: async () => {
              // Loaded when it is needed only.
              const { s3Client, s3Store } = await import("../verify-backup/s3.ts");
              return s3Store(s3Client(process.env));
            },
            out: terminal.out,
          });
        }),
      ),
};
