/**
 * `npm run reach`: asks who reaches whom under the policies that were synthesized. See `operations/reach/cli.ts`.
 */
import { reach } from "../reach/cli.ts";

const { code, output, error } = reach(process.argv.slice(2));
if (output) process.stdout.write(`${output}\n`);
if (error) process.stderr.write(`${error}\n`);
process.exitCode = code;
