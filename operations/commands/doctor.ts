/** `npm run doctor -- <environment>`: looks at the workstation and the cluster, changes nothing. */
import { homedir } from "node:os";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { parseEnvironment } from "../../environments/schema.ts";
import { doctorCommand } from "../doctor/doctor-command.ts";
import { workstation } from "../doctor/probes.ts";

const code = await doctorCommand(
  process.argv.slice(2),
  { dev: () => parseEnvironment(dev), prod: () => parseEnvironment(prod) },
  workstation(homedir()),
  (line) => console.log(line),
);
// A program that hangs must not hold this one up.
process.stdout.write("", () => process.exit(code));
