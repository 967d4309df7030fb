const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { display: grid; min-height: 100vh; margin: 0; place-items: center; }
main { width: min(22rem, 100vw - 2rem); }
label, input, button { display: block; box-sizing: border-box; width: 100%; }
label { margin-top: 1rem; font-weight: 600; }
input, button { min-height: 2.75rem; padding: 0.5rem 0.75rem; font: inherit; border: 1px solid #767676; border-radius: 0.375rem; }
button { margin-top: 1.5rem; color: #fff; background: #0b57d0; border-color: #0b57d0; cursor: pointer; }
:focus-visible { outline: 3px solid #f0a000; outline-offset: 2px; }
.problem { padding: 0.5rem 0.75rem; border-left: 4px solid #c5221f; }
`;

/** What a login page shows. */
export interface LoginView {
  /** Name of the program that asks for access. */
  client: string;
  /** Where the code goes: what a user can check. */
  redirectHost: string;
  /** The user who is signed in already or needs no password: then one button is enough. */
  knownUser?: string;
  /** What was typed before. */
  name?: string;
  problem?: string;
}

/** The login page: plain HTML, no scripts, one style sheet inside. */
export function renderLoginPage({ client, redirectHost, knownUser, name = '', problem }: LoginView): string {
  const intro = `<p><strong>${escapeHtml(client)}</strong> (${escapeHtml(redirectHost)}) asks for access in your name.</p>`;
  const alert = problem === undefined ? '' : `<p class="problem" id="problem" role="alert">${escapeHtml(problem)}</p>`;
  const described = problem === undefined ? '' : ' aria-invalid="true" aria-describedby="problem"';
  const fields = `<label for="name">User name</label>
<input id="name" name="name" value="${escapeHtml(name)}" autocomplete="username" autocapitalize="none" spellcheck="false" required${described}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${described}>
<button type="submit">Sign in</button>`;
  const confirm = `<p>You are <strong>${escapeHtml(knownUser ?? '')}</strong>.</p><button type="submit">Continue</button>`;
  return page(
    'Sign in to Kontur',
    `${intro}${alert}<form method="post">${knownUser === undefined ? fields : confirm}</form>`,
  );
}

/** What a browser gets where signing in cannot go on; says nothing of why beyond what a user can do. */
export function renderErrorPage(): string {
  return page(
    'Signing in did not work',
    '<p>The request to sign in is wrong or has expired. Go back to the program that you came from and sign in again.</p>',
  );
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

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string) => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
