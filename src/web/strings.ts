/**
 * Every word that the page says, in its language (language.ts): from a folder for each in words/, with a file for each part.
 * Functions where a number or a name goes in; what is between backticks is something to type (see Says.tsx).
 *
 * A further language is a folder beside german/, a line in language.ts, and one in format.ts and here.
 */
import { language } from './language.ts'
import { english } from './words/english.ts'
import { german } from './words/german.ts'

export const text = { en: english, de: german }[language]

export const { transactions } = text
