import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import de from './de.json';
import en from './en.json';

/** Languages of the page, each by its own name. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

/** Remembers the language that was chosen by hand. */
const CHOSEN = 'kontur.language';

/** Loads the texts in the language that was chosen, else the first that the browser prefers among those there are. */
export async function startTexts(): Promise<void> {
  const wanted = [localStorage.getItem(CHOSEN), ...navigator.languages.map((name) => name.slice(0, 2))];
  const language = wanted.find((name) => name !== null && name in LANGUAGES) ?? 'en';
  document.documentElement.lang = language;
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, de: { translation: de } },
    showSupportNotice: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
}

/** Shows the page in another language from now on. */
export async function setLanguage(language: string): Promise<void> {
  localStorage.setItem(CHOSEN, language);
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}
