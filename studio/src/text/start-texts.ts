import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import de from './de.json';
import en from './en.json';

const LANGUAGES = { en: { translation: en }, de: { translation: de } };

/** Loads the texts in the language that the browser prefers among those there are; English otherwise. */
export async function startTexts(): Promise<void> {
  const wanted = navigator.languages.map((language) => language.slice(0, 2));
  const language = wanted.find((name) => name in LANGUAGES) ?? 'en';
  document.documentElement.lang = language;
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: LANGUAGES,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  });
}
