/** The words of the wallet and of sending; see strings.ts. */
import { count } from '../../format.ts'

export const walletText = {
  wallet: {
    heading: 'Your account',
    pending: (change: string): string => `${change} pending`,
    empty: 'Empty so far: mine a block, or let somebody pay this account.',
    copyTitle: 'Copy the whole account',
  },

  send: {
    heading: 'Send',
    to: 'To',
    toHint: 'cairn1…',
    minerOf: (who: string, height: number): string => `${who}, who mined block ${count(height)}`,
    amount: 'Amount',
    fee: 'Fee',
    button: (amount: number | undefined): string => (amount === undefined ? 'Send' : `Send ${count(amount)}`),
    sending: 'Sending…',
    done: (amount: number, who: string): string => `Sent ${count(amount)} to ${who}: pending until a block takes it.`,
    problems: {
      'wrong-start': 'An account starts with cairn1.',
      'too-short': 'An account has 64 characters; this is only part of one.',
      'bad-checksum': 'Not an account: a character is wrong. Copy it again.',
    },
    notWhole: 'A whole number, 1 or more.',
    feeNotWhole: 'A whole number, 0 or more.',
    tooMuch: (spendable: number): string => `More than you have to spend: ${count(spendable)}.`,
  },
}
