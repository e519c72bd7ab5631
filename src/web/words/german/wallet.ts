/** The words of the wallet and of sending; see strings.ts. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'
import type { walletText as english } from '../english/wallet.ts'

/** Why a payment is pending no more, by the node's word for it. */
const DROPPED: Readonly<Record<string, string>> = {
  replaced: 'eine andere Zahlung mit derselben Nonce hat sie ersetzt',
  evicted: 'es warteten zu viele Zahlungen, die mehr zahlen. Mit höherer Gebühr kann sie noch einmal gesendet werden',
  expired: 'drei Stunden lang nahm kein Block sie auf. Mit höherer Gebühr kann sie noch einmal gesendet werden',
  conflict: 'ein Block enthält eine andere Zahlung an ihrer Stelle, oder das Konto kann sie nicht mehr bezahlen',
}

/** Where a payment is that was sent a moment ago. */
const SENT = {
  pending: 'wartet, bis ein Block sie aufnimmt',
  mined: 'ein Block hat sie aufgenommen',
  dropped: 'verworfen, nichts wurde gezahlt',
}

const bytes = (number: number): string => plural(number, 'Byte', 'Bytes')

export const walletText: typeof english = {
  wallet: {
    heading: 'Konto dieses Knotens',
    pending: (change: string): string => `${change} wartend`,
    empty: 'Noch leer: einen Block schürfen oder sich auf dieses Konto zahlen lassen.',
    copyTitle: 'Das ganze Konto kopieren',
    others: (number: number, spendable: number): string =>
      `${plural(number, 'weiteres Konto', 'weitere Konten')} in der Wallet, ${count(spendable)} verfügbar`,
  },

  walletView: {
    heading: 'Wallet',
    accounts: 'Konten',
    isDefault: 'Standard: hierher zahlt das Mining',
    together: 'Zusammen',
    empty: 'Noch nichts da: einen Block schürfen, der zahlt auf das Standardkonto. Oder eines der Konten jemandem geben, der zahlt.',
    emptyReading: 'Noch nichts da: `cairn mine` schürft einen Block, der zahlt auf dieses Konto.',
    needsToken: 'Zum Zahlen ist das Token nötig: die Adresse öffnen, die `cairn start` ausgegeben hat. Ist diese Zeile nicht mehr ' +
      'da, an die Adresse dieser Seite `#token=` anhängen und dahinter den Inhalt der Datei `token` aus dem Datenordner.',

    lock: {
      heading: 'Wallet entsperren',
      reading: 'Ohne Token ist nur das Konto zu sehen, auf das das Mining zahlt. Die Wallet kann weitere haben.',
      unencrypted: 'Die Schlüssel liegen unverschlüsselt auf der Platte des Knotens: `cairn wallet encrypt` gibt ihnen ein Passwort.',
      locked: 'Die Wallet ist gesperrt: Sie zeigt alles und zahlt nichts.',
      lockedElsewhere: 'Die Wallet ist gesperrt: Sie zeigt alles und zahlt nichts. Diese Seite kommt über das Netz, wo ein Passwort ' +
        'mitgelesen werden könnte. Darum auf dem Rechner des Knotens entsperren: `cairn wallet unlock`',
      passphrase: 'Passwort',
      note: 'Für 10 Minuten, danach sperrt sie sich selbst.',
      unlock: 'Entsperren',
      unlocking: 'Wird entsperrt\u00a0…',
      unlocked: 'Die Wallet ist entsperrt.',
      unlockedUntil: (time: string): string => `Die Wallet ist entsperrt. Um ${time} sperrt sie sich selbst.`,
      lock: 'Jetzt sperren',
    },

    newAccount: {
      heading: 'Neues Konto anlegen',
      name: 'Sein Name',
      hint: 'Sparschwein',
      note: 'Nichts aufzuschreiben: Die Wörter der Wallet enthalten auch seinen Schlüssel.',
      locked: 'Die Wallet ist gesperrt: erst entsperren.',
      button: 'Anlegen',
      making: 'Wird angelegt\u00a0…',
      done: (name: string): string => `${name} angelegt.`,
      problems: {
        'too-long': 'Ein Name hat höchstens 32 Zeichen.',
        'looks-like-an-account': 'Ein Name, der mit cairn1 beginnt, würde für ein Konto gehalten.',
        invisible: 'Ein Name hat nur sichtbare Zeichen.',
        taken: 'Ein Konto mit diesem Namen gibt es schon.',
      },
    },

    receive: {
      heading: 'Empfangen',
      to: 'Auf',
      note: 'Wer zahlt, scannt das oder kopiert es. Auf einem anderen Knoten: `cairn send cairn1… 30`',
    },

    payments: {
      heading: 'Zahlungen',
      empty: 'Noch keine. Was gesendet und empfangen wird, erscheint hier, und man sieht es in einen Block kommen.',
      emptyReading: 'Noch keine. Was dieses Konto sendet und empfängt, erscheint hier.',
      within: (from: string, to: string, amount: number): string => `${from} → ${to}: ${count(amount)}`,
      kinds: { pending: 'wartet', mined: 'in einem Block', dropped: 'verworfen' },
      expectedIn: (duration: string): string => `wartet: in etwa ${duration} in einem Block`,
      waits: 'wartet auf eine frühere Zahlung desselben Kontos',
      dropped: (reason: string | null): string =>
        `verworfen, nichts wurde gezahlt: ${reason === null ? 'warum, hat diese Seite nicht erfahren' : (DROPPED[reason] ?? reason)}`,
      all: 'Alle von',
    },
  },

  send: {
    heading: 'Senden',
    to: 'An',
    toHint: 'cairn1…',
    from: 'Von',
    payer: (name: string, spendable: number): string => `${name}: ${count(spendable)} verfügbar`,
    ownAccount: (name: string): string => `${name}, in dieser Wallet`,
    peerOf: (who: string): string => `${who}, ein Peer: sein Konto, wie er sagt`,
    minerOf: (who: string, height: number): string => `${who}, Miner von Block ${count(height)}`,
    amount: 'Betrag',
    fee: 'Gebühr',
    proposed: (fee: string): string => `Genug für den nächsten Block: ${fee}`,
    minedIn: (duration: string, blocks: number): string =>
      `in etwa ${duration} in einem Block${blocks > 1 ? `, dem ${count(blocks)}. von jetzt an` : ''}`,
    feeTooLow: (minimum: number): string => `Weniger als ${count(minimum)} nimmt dieser Knoten zurzeit nicht.`,
    memo: 'Notiz, wenn gewünscht: Alle können sie lesen',
    memoBytes: (number: number, most: number): string => `${count(number)} von ${bytes(most)}`,
    memoTooLong: (number: number, most: number): string => `${bytes(number - most)} zu lang: Es passen ${count(most)}.`,
    locked: 'Die Wallet ist gesperrt und zahlt daher nichts.',
    unlockThere: 'Entsperren',
    unlockAbove: 'Oben entsperren.',
    preview: {
      gets: 'Zahlt',
      to: 'an',
      itself: 'das zahlende Konto: Nur die Gebühr ginge ab',
      fee: 'Gebühr',
      behind: (fee: number): string => `nach der wartenden Zahlung mit Gebühr ${count(fee)}`,
      left: 'Danach verfügbar',
    },
    button: (amount: number | undefined): string => (amount === undefined ? 'Senden' : `${count(amount)} senden`),
    sending: 'Wird gesendet\u00a0…',
    done: (amount: number, who: string, standing?: keyof typeof SENT): string =>
      `Zahlung von ${count(amount)} an ${who} gesendet${standing === undefined ? '' : `: ${SENT[standing]}`}.`,
    problems: {
      'wrong-start': 'Ein Konto beginnt mit cairn1.',
      'too-short': 'Ein Konto hat 64 Zeichen; hier fehlen welche.',
      'bad-checksum': 'Kein Konto: Ein Zeichen ist falsch. Bitte noch einmal kopieren.',
    },
    notWhole: 'Eine ganze Zahl ab 1, ohne Punkt und Komma.',
    feeNotWhole: 'Eine ganze Zahl ab 0, ohne Punkt und Komma.',
    tooMuch: (spendable: number): string => `Mehr, als verfügbar ist: ${count(spendable)}.`,
  },
}
