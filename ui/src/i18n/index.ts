import i18n from 'i18next'
import { initReactI18next } from 'react-i18next'
import type { Locale } from '@/ipc/bindings'
import en from './en.json'
import zhCN from './zh-CN.json'
import zhTW from './zh-TW.json'

export const LOCALES: Locale[] = ['zh-CN', 'zh-TW', 'en']

void i18n.use(initReactI18next).init({
  lng: 'zh-CN',
  fallbackLng: 'zh-CN',
  resources: { 'zh-CN': { translation: zhCN }, 'zh-TW': { translation: zhTW }, en: { translation: en } },
  interpolation: { escapeValue: false },
  returnNull: false,
  // Words of people pass through as default values and may hold a colon.
  nsSeparator: false,
})

/** Switches the window's language; screen readers and line breaking follow. */
export function speak(locale: Locale) {
  document.documentElement.lang = locale
  if (i18n.language !== locale) void i18n.changeLanguage(locale)
}

export default i18n
