const HIDDEN = '[hidden]';

/**
 * Texts without white space, and runs of the characters that a token has: each is checked once, so that time grows with
 * the length.
 */
const WORDS = /\S+/g;
const TOKEN_RUNS = /[\w.-]{8,}/g;
/** The begin of a JSON Web Token: an encoded JSON object. */
const TOKEN_BEGIN = /(?<!\w)eyJ/;
/** Values of query parameters and form fields that grant access. */
const SECRET_PARAMETER = /\b(sig|token|access_token|client_secret|code|refresh_token)=[^&\s"']+/gi;
/** The password in an address like postgres://user:password@host. */
const PASSWORD_IN_ADDRESS = /\b(\w+:\/\/[^\s:/@]*):[^\s@]+@/g;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]+/gi;

/** Replaces what would let a reader of the log act as a client: tokens, client secrets and signatures of links. */
export function redactSecrets(text: string): string {
  return text
    .replace(TOKEN_RUNS, hideToken)
    .replace(BEARER, `$1 ${HIDDEN}`)
    .replace(SECRET_PARAMETER, `$1=${HIDDEN}`)
    .replace(WORDS, hidePasswords);
}

/** A token is three parts joined by dots, wherever it stands in the run. */
function hideToken(run: string): string {
  const begin = run.search(TOKEN_BEGIN);
  if (begin === -1) return run;
  const parts = run.slice(begin).split('.');
  if (parts.length < 3 || parts[1] === '') return run;
  return [run.slice(0, begin) + HIDDEN, ...parts.slice(3)].join('.');
}

/** Beyond the last @ there is no address with a password, and looking for one from every place would take long. */
function hidePasswords(word: string): string {
  const end = word.lastIndexOf('@') + 1;
  if (end === 0 || !word.includes('://')) return word;
  return word.slice(0, end).replace(PASSWORD_IN_ADDRESS, `$1:${HIDDEN}@`) + word.slice(end);
}
