const MAX_QUOTED = 60;

/** Shortens a client's text for quoting in an error message. */
export const shorten = (text: string) => (text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
