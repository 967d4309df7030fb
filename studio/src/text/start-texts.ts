import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from './en.json';

/** Languages of the page, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
type Language = keyof typeof LANGUAGES;

/** Texts that are loaded when somebody wants them; English stands for what others lack. */
const OTHERS: Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>> = { de: () => import('./de.json') };

/** Remembers the language that was chosen by hand. */
const CHOSEN = 'kontur.language';

const isLanguage = (name: string | null): name is Language => name !== null && name in LANGUAGES;

/** Shows texts in the language that was chosen, else the first that the browser prefers among those there are. */
export async function startTexts(): Promise<void> {
  const wanted = [localStorage.getItem(CHOSEN), ...navigator.languages.map((name) => name.slice(0, 2))];
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    showSupportNotice: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
  await show(wanted.find(isLanguage) ?? 'en');
}

/** Shows the page in another language from now on. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(CHOSEN, language);
  await show(language);
}

/** Goes on in the language before where the texts cannot be loaded, as after an update of the server. */
async function show(language: Language): Promise<void> {
  try {
    if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
      i18next.addResourceBundle(language, 'translation', (await OTHERS[language]()).default);
    }
  } catch {
    return;
  }
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
