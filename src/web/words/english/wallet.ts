/** The words of the wallet and of sending; see strings.ts. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'

/** Why a payment is pending no more, by the node's word for it. */
const DROPPED: Readonly<Record<string, string>> = {
  replaced: 'another payment with the same nonce took its place',
  evicted: 'the pool was full of payments that pay more. It can be sent again with a higher fee',
  expired: 'no block took it for three hours. It can be sent again with a higher fee',
  conflict: 'a block holds another payment in its place, or its account can no longer pay it',
}

/** Where a payment is that was sent a moment ago. */
const SENT = { pending: 'pending until a block takes it', mined: 'a block has taken it', dropped: 'dropped, nothing was paid' }

export const walletText = {
  wallet: {
    heading: 'Your account',
    pending: (change: string): string => `${change} pending`,
    empty: 'Empty so far: mine a block, or let somebody pay this account.',
    copyTitle: 'Copy the whole account',
    others: (number: number, spendable: number): string => `${plural(number, 'account')} more in the wallet, with ${count(spendable)} to spend`,
  },

  walletView: {
    heading: 'Wallet',
    accounts: 'Accounts',
    isDefault: 'default: mining pays it',
    together: 'Together',
    empty: 'Nothing here yet: mine a block, which pays the default account, or give one of these to somebody who pays you.',
    emptyReading: 'Nothing here yet: `cairn mine` mines a block, which pays this account.',
    needsToken: 'Paying needs the token. Open the address that `cairn start` printed; where that line is gone, put `#token=` ' +
      'and what is in the file `token` of the data folder behind this page’s address.',

    lock: {
      heading: 'Unlock the wallet',
      reading: 'Without the token, this is the account that mining pays. The wallet may have others.',
      unencrypted: 'Its keys are not encrypted on the node’s disk: `cairn wallet encrypt` gives them a passphrase.',
      locked: 'The wallet is locked: it shows everything and pays nobody.',
      lockedElsewhere: 'The wallet is locked: it shows everything and pays nobody. This page comes over the network, where a ' +
        'passphrase could be overheard, so unlock it on the node’s own machine: `cairn wallet unlock`',
      passphrase: 'Passphrase',
      note: 'For 10 minutes; then it locks itself.',
      unlock: 'Unlock',
      unlocking: 'Unlocking…',
      unlocked: 'The wallet is unlocked.',
      unlockedUntil: (time: string): string => `The wallet is unlocked. It locks itself at ${time}.`,
      lock: 'Lock it now',
    },

    newAccount: {
      heading: 'Make a new account',
      name: 'Its name',
      hint: 'savings',
      note: 'Nothing to write down: the wallet’s words hold its key too.',
      locked: 'The wallet is locked: unlock it first.',
      button: 'Make it',
      making: 'Making it…',
      done: (name: string): string => `Made ${name}.`,
      problems: {
        'too-long': 'A name has 32 characters at most.',
        'looks-like-an-account': 'A name that begins with cairn1 would be taken for an account.',
        invisible: 'A name has visible characters only.',
        taken: 'There is an account of that name already.',
      },
    },

    receive: {
      heading: 'Receive',
      to: 'Into',
      note: 'Whoever pays you scans this, or copies it. On another node: `cairn send cairn1… 30`',
    },

    payments: {
      heading: 'Payments',
      empty: 'None yet. What you send and what you are paid appears here, and you see it go into a block.',
      emptyReading: 'None yet. What this account sends and is paid appears here.',
      within: (from: string, to: string, amount: number): string => `${from} → ${to}: ${count(amount)}`,
      kinds: { pending: 'pending', mined: 'in a block', dropped: 'dropped' },
      expectedIn: (duration: string): string => `pending: in a block in about ${duration}`,
      waits: 'pending: it waits for an earlier payment of the same account',
      dropped: (reason: string | null): string =>
        `dropped, nothing was paid: ${reason === null ? 'this page was not there to hear why' : (DROPPED[reason] ?? reason)}`,
      all: 'All of',
    },
  },

  send: {
    heading: 'Send',
    to: 'To',
    toHint: 'cairn1…',
    from: 'From',
    payer: (name: string, spendable: number): string => `${name}: ${count(spendable)} to spend`,
    ownAccount: (name: string): string => `${name}, in this wallet`,
    peerOf: (who: string): string => `${who}, a peer: its account, as it says`,
    minerOf: (who: string, height: number): string => `${who}, who mined block ${count(height)}`,
    amount: 'Amount',
    fee: 'Fee',
    proposed: (fee: string): string => `Enough for the next block: ${fee}`,
    minedIn: (duration: string, blocks: number): string =>
      `in a block in about ${duration}${blocks > 1 ? `, ${count(blocks)} blocks from now` : ''}`,
    feeTooLow: (minimum: number): string => `This node takes no less than ${count(minimum)} now.`,
    memo: 'Memo, if any: everybody can read it',
    memoBytes: (bytes: number, most: number): string => `${count(bytes)} of ${plural(most, 'byte')}`,
    memoTooLong: (bytes: number, most: number): string => `Too long by ${plural(bytes - most, 'byte')}: ${count(most)} fit.`,
    locked: 'The wallet is locked, so it pays nobody.',
    unlockThere: 'Unlock it',
    unlockAbove: 'Unlock it above.',
    preview: {
      gets: 'Pays',
      to: 'to',
      itself: 'the account that pays: only the fee would leave it',
      fee: 'Fee',
      behind: (fee: number): string => `after your pending payment that pays ${count(fee)}`,
      left: 'Left to spend',
    },
    button: (amount: number | undefined): string => (amount === undefined ? 'Send' : `Send ${count(amount)}`),
    sending: 'Sending…',
    /** `standing`: where it is by now; undefined until the node has told. */
    done: (amount: number, who: string, standing?: keyof typeof SENT): string =>
      `Sent ${count(amount)} to ${who}${standing === undefined ? '' : `: ${SENT[standing]}`}.`,
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
