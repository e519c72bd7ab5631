/** The languages of the page, each by its own name, at the end of every view; the one that it speaks is marked. */
import { choose, type Language, language, LANGUAGES } from '../language.ts'
import { text } from '../strings.ts'

export const LanguageChoice = () => (
  <footer>
    <div role="group" aria-label={text.languages}>
      {(Object.keys(LANGUAGES) as Language[]).map((code) => ( // the keys of a record are its languages
        <button key={code} type="button" class="plain" lang={code} aria-pressed={code === language} onClick={() => choose(code)}>
          {LANGUAGES[code]}
        </button>
      ))}
    </div>
  </footer>
)
