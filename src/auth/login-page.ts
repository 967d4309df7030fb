import type { IncomingMessage } from 'node:http';
import type { Provider } from 'oidc-provider';
import { KonturError } from '#contract/errors';
import { clientAddress } from './client-address.ts';
import { type LoginView, renderErrorPage, renderLoginPage } from './login-html.ts';

const LOGIN_PATH = /^\/interaction\/[\w-]+$/;
const MAX_FORM_BYTES = 10_000;
/**
 * Whether there is a user with this name and password.
 *
 * @throws KonturError `busy` after too many tries
 */
export type CheckUser = (login: {
  name: string;
  password: string;
  address: string;
  signal: AbortSignal;
}) => Promise<boolean>;

type Context = Parameters<Parameters<Provider['use']>[0]>[0];
type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

interface LoginOptions {
  checkUser: CheckUser;
  /** The one user that there is, in development mode: nobody has to type its name. */
  onlyUser?: string;
  /** Whether that user asks, who then signs in without a page. */
  isOnlyUser?: (context: Context, asked: AskedFor) => Promise<boolean>;
}

/** What a program asks a user to sign in for. */
export interface AskedFor {
  clientId: string;
  redirectUri: string;
}

/** Adds the pages on which a user signs in or, if signed in already, grants access to a program on the computer. */
export function addLoginPage(provider: Provider, options: LoginOptions): void {
  provider.use(async (context, next) => {
    if (!LOGIN_PATH.test(context.path)) return next();
    context.set('cache-control', 'no-store');
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
    const { onlyUser } = options;
    const knownUser = interaction.prompt.name === 'login' ? undefined : interaction.session?.accountId;
    const view: LoginView = {
      ...describe(interaction),
      ...(knownUser !== undefined && { knownUser }),
      ...(onlyUser !== undefined && { onlyUser }),
    };
    if (context.method !== 'POST') {
      if (
        onlyUser !== undefined &&
        knownUser === undefined &&
        (await options.isOnlyUser?.(context, asked(interaction)))
      ) {
        return signIn(provider, { context, interaction, name: onlyUser });
      }
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
  { checkUser }: LoginOptions,
  {
    context,
    interaction,
    view,
    form,
  }: { context: Context; interaction: Interaction; view: LoginView; form: URLSearchParams },
): Promise<void> {
  const name = view.knownUser ?? view.onlyUser ?? form.get('name')?.trim() ?? '';
  const refusal =
    view.knownUser === undefined
      ? await refuseLogin(checkUser, context, { name, form, onlyUser: view.onlyUser })
      : undefined;
  if (refusal !== undefined) {
    const { status, problem, waitSeconds } = refusal;
    context.status = status;
    if (waitSeconds !== undefined) context.set('retry-after', String(waitSeconds));
    context.body = renderLoginPage({ ...view, name, problem });
    return;
  }
  await signIn(provider, { context, interaction, name });
}

/** Ends the login of a user, who goes on to the program. */
async function signIn(
  provider: Provider,
  { context, interaction, name }: { context: Context; interaction: Interaction; name: string },
): Promise<void> {
  await forgetOtherUser(provider, { context, interaction, name });
  const result = { login: { accountId: name, remember: false }, consent: {} };
  context.redirect(await provider.interactionResult(context.req, context.res, result));
  context.status = 303;
}

/** The reason why the user may not sign in; undefined if it may. */
async function refuseLogin(
  checkUser: CheckUser,
  { req, res }: Context,
  { name, form, onlyUser }: { name: string; form: URLSearchParams; onlyUser: string | undefined },
): Promise<{ status: number; problem: string; waitSeconds?: number } | undefined> {
  const gone = new AbortController();
  res.once('close', () => gone.abort(new Error('The browser has gone.')));
  const login = { name, password: form.get('password') ?? '', address: clientAddress(req) };
  try {
    if (await checkUser({ ...login, signal: gone.signal })) return undefined;
    return { status: 401, problem: onlyUser ? 'The secret is wrong.' : 'The user name or the password is wrong.' };
  } catch (error) {
    const waitSeconds =
      error instanceof KonturError && error.code === 'busy' ? error.details.retryAfterSeconds : undefined;
    if (waitSeconds === undefined) throw error;
    return { status: 429, problem: `Too many wrong passwords. Wait ${waitSeconds} s and try again.`, waitSeconds };
  }
}

/** A browser that is signed in as another user starts a new session. */
async function forgetOtherUser(
  provider: Provider,
  { context, interaction, name }: { context: Context; interaction: Interaction; name: string },
): Promise<void> {
  if (interaction.session === undefined || interaction.session.accountId === name) return;
  await (await provider.Session.get(context)).destroy();
  interaction.session = undefined;
  await interaction.save(interaction.exp - Math.floor(Date.now() / 1000));
}

function asked({ params }: Interaction): AskedFor {
  return { clientId: String(params.client_id), redirectUri: String(params.redirect_uri) };
}

function describe(interaction: Interaction): Pick<LoginView, 'client' | 'redirectHost'> {
  const { clientId, redirectUri } = asked(interaction);
  return { client: clientId, redirectHost: new URL(redirectUri).host };
}

/** Reads the fields of a form; undefined for a body that is too long. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_FORM_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_FORM_BYTES ? undefined : new URLSearchParams(Buffer.concat(chunks).toString());
}
