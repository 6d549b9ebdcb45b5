/** Names under which secrets are kept, whatever the spelling: `DB_PASS`, `adminPassword`, `jwt-secret`. */

/** Last words of a name that holds a secret by itself. */
const SECRET_WORDS =
  /^(pass|passwd|passwords?|passphrase|passcode|pwd|pw|secret|tokens?|pat|bearer|authorization|apikeys?|credentials?|creds?|pin|salt|psk|privatekey|secretkey|accesskey|authkey|masterkey|jwt|htpasswd|dsn)\d*$/;
/** Words before `key` that make it one. */
const KEY_WORDS =
  /^(api|secret|private|access|encryption|encrypt|signing|sign|master|app|auth|account|license|jwt|session|cookie|hmac|aes|vault|crypto|shared|service|wireguard|preshared)$/;
/** Words before the `KEY` of a variable that make it something else. */
const OTHER_KEYS =
  /^(public|pub|primary|foreign|partition|sort|cache|group|host|hot|label|index|map|object|site)$/;
/** Words at the end that say only in which form it is. */
const FORM_WORDS =
  /^(value|data|string|text|plain|plaintext|base|base64|b64|hex|hash|hashed|bcrypt|pem|literal|default|\d+)$/;

/** `adminPassword`, `DB_PASS` and `x-api-key` as lower-case words. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter(Boolean);

/** True when a name is that of a secret itself, and of no reference to one. */
export const holdsSecret = (name: string): boolean => {
  const words = wordsOf(name);
  while (words.length > 1 && FORM_WORDS.test(words.at(-1) ?? "")) words.pop();
  const [last = "", before = ""] = words.toReversed();
  if (before === "existing" || words[0] === "existing") return false;
  const isVariable = /^[A-Z][A-Z\d]*_[A-Z\d_]+$/.test(name);
  return (
    SECRET_WORDS.test(last) ||
    (/^keys?$/.test(last) && (KEY_WORDS.test(before) || (isVariable && !OTHER_KEYS.test(before)))) ||
    /^basic (auth|authentication)$/.test(`${before} ${last}`) ||
    /(password|passwd|requirepass|masterauth|secretkey|apikey|authtoken|accesstoken)$/.test(last)
  );
};
