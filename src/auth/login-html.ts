const STYLE = `
:root {
  color-scheme: light dark;
  font: 1rem/1.5 system-ui, sans-serif;
  --page: light-dark(#eef1f5, #14171c);
  --card: light-dark(#fff, #1f242b);
  --line: light-dark(#76808c, #8a94a0);
  --quiet: light-dark(#4a5560, #b3bcc6);
  --wrong: light-dark(#b3261e, #ff8a80);
  --wrong-ground: light-dark(#fdecea, #3a2020);
}
body { display: grid; min-height: 100dvh; margin: 0; place-items: center; background: var(--page); }
main { box-sizing: border-box; width: min(26rem, 100vw - 2rem); margin: 1rem 0; padding: 2rem; border-radius: 0.75rem; background: var(--card); box-shadow: 0 1px 3px #0003; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0.75rem 0 0; color: var(--quiet); overflow-wrap: anywhere; }
strong { color: CanvasText; }
label, input, button { display: block; box-sizing: border-box; width: 100%; }
label { margin-top: 1.25rem; font-weight: 600; }
input, button { min-height: 2.75rem; padding: 0.5rem 0.75rem; font: inherit; border: 1px solid var(--line); border-radius: 0.5rem; }
input { margin-top: 0.375rem; }
input[aria-invalid] { border-color: var(--wrong); }
button { margin-top: 1.75rem; font-weight: 600; color: #fff; background: #0b57d0; border-color: transparent; cursor: pointer; }
.second { margin-top: 0.75rem; color: inherit; background: none; border-color: var(--line); }
button:hover { filter: brightness(1.1); }
:focus-visible { outline: 3px solid light-dark(#7aa7f0, #8ab4f8); outline-offset: 2px; }
.problem { margin-top: 1.25rem; padding: 0.625rem 0.875rem; border-radius: 0.5rem; color: var(--wrong); background: var(--wrong-ground); }
@media (max-width: 26rem) { main { padding: 1.5rem 1.25rem; } }
`;

/** The content of a login page. */
export interface LoginView {
  /** Name of the program that asks for access. */
  client: string;
  /** Host that receives the code, for the user to check. */
  redirectHost: string;
  /** The user who is signed in already: then one button is enough. */
  knownUser?: string;
  /** The one user of development mode, who signs in with the secret of the data folder. */
  onlyUser?: string;
  /** User name from the previous try. */
  name?: string;
  problem?: string;
}

/** Renders the login page: plain HTML with an inline style sheet, no scripts. */
export function renderLoginPage({ client, redirectHost, knownUser, onlyUser, name = '', problem }: LoginView): string {
  const intro = `<p><strong>${escapeHtml(client)}</strong> (${escapeHtml(redirectHost)}) asks for access in your name.</p>`;
  const alert = problem === undefined ? '' : `<p class="problem" id="problem" role="alert">${escapeHtml(problem)}</p>`;
  const described = problem === undefined ? '' : ' aria-invalid="true" aria-describedby="problem"';
  const focused = (field: 'name' | 'password') => ((name === '') === (field === 'name') ? ' autofocus' : '');
  const fields = `<label for="name">User name</label>
<input id="name" name="name" value="${escapeHtml(name)}" autocomplete="username" autocapitalize="none" spellcheck="false" required${focused('name')}${described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${focused('password')}${described}>
<button type="submit">Sign in</button>`;
  const secret = `<p>You sign in as <strong>${escapeHtml(onlyUser ?? '')}</strong> with the <strong>clientSecret</strong> in the file development-client.json of the server's data folder, which only whoever runs the server can read.</p>
<label for="password">Secret</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus${described}>
<button type="submit">Sign in</button>`;
  const confirm = `<p>You are <strong>${escapeHtml(knownUser ?? '')}</strong>.</p><button type="submit">Continue</button>`;
  return page(
    'Sign in to Kontur',
    `${intro}${alert}<form method="post">${knownUser !== undefined ? confirm : onlyUser !== undefined ? secret : fields}</form>`,
  );
}

/** Renders the page for a sign-in that cannot go on; it only says what a user can do. */
export function renderErrorPage(): string {
  return page(
    'Signing in did not work',
    '<p>The request to sign in is wrong or has expired. Go back to the program that you came from and sign in again.</p>',
  );
}

/** Renders the page for a server that cannot look up sessions at the moment. */
export function renderOutagePage(): string {
  return page(
    'Signing in is not possible now',
    '<p>A part of the server is away for the moment. Go back to the program that you came from and sign in again in a minute.</p>',
  );
}

/** Answers the page of `renderSignOutPage` with yes, as soon as it is shown. */
export const SIGN_OUT_SCRIPT = `document.querySelector('button[name=logout]').click()`;

/**
 * Asks whether to end the session of this browser.
 *
 * @param form the provider's own, of the id `op.logoutForm`, as HTML
 * @param isMeant whether the answer is known, so that `SIGN_OUT_SCRIPT` gives it; a browser without scripts asks
 */
export function renderSignOutPage(form: string, isMeant = false): string {
  return page(
    'Sign out of Kontur',
    `<p>Programs that you signed in to from this browser have to ask you again. A token that one of them already has is good for up to an hour.</p>
${form}
<button type="submit" form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>
<button type="submit" form="op.logoutForm" class="second">Stay signed in</button>${isMeant ? `\n<script>${SIGN_OUT_SCRIPT}</script>` : ''}`,
  );
}

/** Renders the page after signing out, if the program named no address to return to. */
export function renderSignedOutPage(): string {
  return page('Signed out', '<p>You are signed out of Kontur in this browser. You may close this page.</p>');
}

function page(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character as keyof typeof ENTITIES]);
