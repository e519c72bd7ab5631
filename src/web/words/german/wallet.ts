/** The words of the wallet and of sending; see strings.ts. */
import { count } from '../../format.ts'
import type { walletText as english } from '../english/wallet.ts'

export const walletText: typeof english = {
  wallet: {
    heading: 'Konto dieses Knotens',
    pending: (change: string): string => `${change} wartend`,
    empty: 'Noch leer: einen Block schürfen oder sich auf dieses Konto zahlen lassen.',
    copyTitle: 'Das ganze Konto kopieren',
  },

  send: {
    heading: 'Senden',
    to: 'An',
    toHint: 'cairn1…',
    minerOf: (who: string, height: number): string => `${who}, Miner von Block ${count(height)}`,
    amount: 'Betrag',
    fee: 'Gebühr',
    button: (amount: number | undefined): string => (amount === undefined ? 'Senden' : `${count(amount)} senden`),
    sending: 'Wird gesendet\u00a0…',
    done: (amount: number, who: string): string => `${count(amount)} an ${who} gesendet: wartet, bis ein Block es aufnimmt.`,
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
