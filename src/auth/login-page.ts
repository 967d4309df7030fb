import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { KonturError } from '#contract/errors';
import type { AttemptLimiter } from './attempt-limiter.ts';
import { type LoginView, renderErrorPage, renderLoginPage } from './login-html.ts';

const LOGIN_PATH = /^\/interaction\/[\w-]+$/;
const MAX_FORM_BYTES = 10_000;
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
};

/** Whether there is such a user with this password. */
export type CheckUser = (name: string, password: string) => Promise<boolean>;

interface LoginOptions {
  checkUser: CheckUser;
  attempts: AttemptLimiter;
  /** The one user who signs in with a click, in development mode. */
  userWithoutPassword?: string;
}

type Context = Parameters<Parameters<Provider['use']>[0]>[0];
type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Answers the pages on which a user signs in, and, where already signed in, lets a program on the computer have access. */
export function addLoginPage(provider: Provider, options: LoginOptions): void {
  provider.use(async (context, next) => {
    if (!LOGIN_PATH.test(context.path)) return next();
    context.set(HEADERS);
    context.type = 'html';
    const interaction = await provider.interactionDetails(context.req, context.res).catch((error: unknown) => {
      if (error instanceof KonturError) throw error;
      return undefined;
    });
    if (interaction === undefined || !context.path.endsWith(`/${interaction.uid}`)) {
      context.status = 400;
      context.body = renderErrorPage();
      return;
    }
    const knownUser =
      interaction.prompt.name === 'login' ? options.userWithoutPassword : interaction.session?.accountId;
    const view: LoginView = { ...describe(interaction), ...(knownUser !== undefined && { knownUser }) };
    if (context.method !== 'POST') {
      context.body = renderLoginPage(view);
      return;
    }
    const form = await readForm(context.req);
    if (form === undefined) {
      context.status = 413;
      context.body = renderErrorPage();
      return;
    }
    await answerForm(provider, options, { context, interaction, view, form });
  });
}

async function answerForm(
  provider: Provider,
  { checkUser, attempts }: LoginOptions,
  {
    context,
    interaction,
    view,
    form,
  }: { context: Context; interaction: Interaction; view: LoginView; form: URLSearchParams },
): Promise<void> {
  const name = view.knownUser ?? form.get('name')?.trim() ?? '';
  const key = JSON.stringify(['user', name, context.req.socket.remoteAddress]);
  const waitSeconds = view.knownUser === undefined ? attempts.waitSeconds(key) : 0;
  if (waitSeconds > 0) {
    context.status = 429;
    context.set('retry-after', String(waitSeconds));
    const problem = `Too many wrong passwords. Wait ${waitSeconds} s and try again.`;
    context.body = renderLoginPage({ ...view, name, problem });
    return;
  }
  if (view.knownUser === undefined && !(await checkUser(name, form.get('password') ?? ''))) {
    attempts.failed(key);
    context.status = 401;
    context.body = renderLoginPage({ ...view, name, problem: 'The user name or the password is wrong.' });
    return;
  }
  attempts.succeeded(key);
  await forgetOtherUser(provider, { context, interaction, name });
  const result = { login: { accountId: name, remember: false }, consent: {} };
  context.redirect(await provider.interactionResult(context.req, context.res, result));
  context.status = 303;
}

/** A browser that is signed in as someone else starts a new session. */
async function forgetOtherUser(
  provider: Provider,
  { context, interaction, name }: { context: Context; interaction: Interaction; name: string },
): Promise<void> {
  if (interaction.session === undefined || interaction.session.accountId === name) return;
  await (await provider.Session.get(context)).destroy();
  interaction.session = undefined;
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
}

function describe({ params }: Interaction): Pick<LoginView, 'client' | 'redirectHost'> {
  return { client: String(params.client_id), redirectHost: new URL(String(params.redirect_uri)).host };
}

/** The fields of a form; undefined for a body that is too long. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_FORM_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_FORM_BYTES ? undefined : new URLSearchParams(Buffer.concat(chunks).toString());
}
