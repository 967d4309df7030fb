const HIDDEN = '[hidden]';

/** A JSON Web Token wherever it stands: three base64url parts, of which the first is an encoded JSON object. */
const TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
/** Values of query parameters and form fields that grant access. */
const SECRET_PARAMETER = /\b(sig|token|access_token|client_secret|code|refresh_token)=[^&\s"']+/gi;
/** The password in an address like postgres://user:password@host. */
const PASSWORD_IN_ADDRESS = /(\w+:\/\/[^\s:/@]*):[^\s@]+@/g;
const BEARER = /\b(bearer|basic)\s+[\w.~+/=-]+/gi;

/** Replaces what would let a reader of the log act as a client: tokens, client secrets and signatures of links. */
export function redactSecrets(text: string): string {
  return text
    .replace(TOKEN, HIDDEN)
    .replace(BEARER, `$1 ${HIDDEN}`)
    .replace(SECRET_PARAMETER, `$1=${HIDDEN}`)
    .replace(PASSWORD_IN_ADDRESS, `$1:${HIDDEN}@`);
}
