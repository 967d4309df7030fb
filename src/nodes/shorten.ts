const MAX_QUOTED = 60;

/** What a client sent, as error texts quote it: no longer than is good for reading. */
export const shorten = (text: string) => (text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
