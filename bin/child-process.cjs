/**
 * Stands in for `child_process` in the bundle: Node.js loads the network with it, and cdktf runs a command only for
 * resources that move.
 */
exports.execSync = (...args) => require("node:child_process").execSync(...args);
