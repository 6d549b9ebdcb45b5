import { Decrypter } from "age-encryption";

/** The key to decrypt with: the text of an identity file, as `age-keygen` writes it, or the path of one. */
const TEXT = "AGE_IDENTITY";
const FILE = "AGE_IDENTITY_FILE";

const isIdentity = (line: string): boolean => {
  try {
    new Decrypter().addIdentity(line);
    return true;
  } catch {
    return false;
  }
};

/**
 * The age identities that the environment names, in `AGE_IDENTITY` or in the file of `AGE_IDENTITY_FILE`.
 *
 * Refused, without repeating what was given: neither or both; a file that cannot be read; a line that is neither
 * comment nor identity, a public key or one that is encrypted itself among them.
 */
export const identitiesOf = async (
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => Promise<string>,
): Promise<readonly string[]> => {
  const text = environment[TEXT];
  const file = environment[FILE];
  if (Boolean(text) === Boolean(file)) {
    throw new Error(
      `${TEXT}, ${FILE}: one of them must hold the age identity, or name its file: got ${text ? "both" : "neither"}`,
    );
  }
  const source = text ? TEXT : `${FILE}: ${JSON.stringify(file)}`;
  const content = text || (await read(file ?? "", readFile));
  const lines = content.split(/\r?\n/).map((line) => line.trim());
  const problems = lines.flatMap((line, at) =>
    line === "" || line.startsWith("#") || isIdentity(line)
      ? []
      : [`${source}: line ${at + 1}: must be an age identity, AGE-SECRET-KEY-…: got ${kindOf(line)}`],
  );
  const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (identities.length === 0) problems.push(`${source}: must hold an age identity: got none`);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return identities;
};

const kindOf = (line: string): string => {
  if (line.startsWith("age1")) return "a public key";
  if (line.startsWith("age-encryption.org/") || line.startsWith("-----BEGIN AGE")) {
    return "an encrypted identity: decrypt it first";
  }
  return line.startsWith("AGE-SECRET-KEY-") ? "one with a wrong checksum" : "something else";
};

const read = async (file: string, readFile: (path: string) => Promise<string>): Promise<string> => {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Error(`${FILE}: must be a readable file: ${(error as Error).message}`);
  }
};
