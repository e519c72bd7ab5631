/** The words of the page as a whole and of its first view; see strings.ts. */
import { count } from '../../format.ts'
import { plural } from '../../plural.ts'
import type { pageText as english } from '../english/page.ts'

export const transactions = (number: number): string => (number === 0 ? 'leer' : plural(number, 'Transaktion', 'Transaktionen'))

const blocks = (number: number): string => plural(number, 'Block', 'Blöcke')
/** After a preposition that asks for the dative. */
const blocksDative = (number: number): string => plural(number, 'Block', 'Blöcken')

/** Why a transaction waits no longer, by the node's word for it. */
const DROPPED: Readonly<Record<string, string>> = {
  replaced: 'durch eine andere mit gleicher Nonce ersetzt',
  evicted: 'von besser zahlenden verdrängt',
  expired: 'zu lange gewartet',
  conflict: 'nach dem letzten Block nicht mehr möglich',
}

export const pageText: typeof english = {
  title: 'Cairn',
  titleOf: (view: string | undefined, network: string, height: number): string =>
    `${view === undefined ? '' : `${view} · `}${count(height)} · ${network} · Cairn`,
  thisNode: 'dieser Knoten:',
  genesisTitle: (hash: string): string => `Genesis-Block ${hash}: Netze mit demselben sind dasselbe Netz`,
  now: 'jetzt',
  ago: (age: string): string => `vor ${age}`,
  showMore: 'Mehr zeigen',
  skip: 'Zum Inhalt springen',
  languages: 'Sprache',

  connection: {
    connecting: 'wird verbunden\u00a0…',
    live: 'live',
    lost: 'Knoten nicht erreichbar',
    syncing: 'holt auf:',
    reached: (height: number, target: number): string => `Block ${count(height)} von ${count(target)}`,
  },
  notice: {
    lost: 'Dieser Knoten antwortet nicht. Zu sehen ist sein letzter Stand; die Seite macht von selbst weiter, sobald er wieder ' +
      'da ist. Neu starten: `cairn start`',
    reading: 'Nur lesen. Zum Senden und Schürfen die Adresse öffnen, die `cairn start` ausgegeben hat: Sie enthält das Token ' +
      'dieses Knotens.',
    refused: 'Das Token in dieser Adresse gehört nicht zu diesem Knoten, daher ist hier nur Lesen möglich. Bitte die Adresse ' +
      'öffnen, die `cairn start` ausgegeben hat.',
  },

  wall: {
    name: 'Leinwand',
    fullScreen: 'Vollbild',
    leave: 'Verlassen',
    nothing: 'Noch nichts. Blöcke, Zahlungen und Peers erscheinen hier, sobald sie kommen.',
    alone: 'Von einem anderen Rechner in diesem LAN mitmachen:',
  },

  tiles: {
    height: 'Höhe',
    lastBlock: 'Letzter Block',
    ago: 'her',
    blockTime: 'Blockzeit',
    ofTarget: (target: string): string => `von ${target}`,
    ownRate: 'Dieser Knoten',
    networkRate: 'Netz',
    networkRateTitle: 'Geschätzt aus der Arbeit der letzten Blöcke und der Zeit, die sie gebraucht haben',
    blockTimeTitle: (number: number): string =>
      `Mittel ${number === 1 ? 'des letzten Blocks' : `der letzten ${blocks(number)}`} und das, worauf die Schwierigkeit zielt`,
    difficulty: 'Schwierigkeit',
    difficultyTitle: 'Hashes, die der nächste Block im Mittel braucht',
    peers: 'Peers',
    pending: 'Wartend',
    notMining: 'schürft nicht',
    none: '–',
  },

  tree: {
    label: 'Die Kette, der neueste Block rechts',
    keys: 'Die Pfeiltasten führen von Block zu Block.',
    genesis: 'Genesis',
    earlier: (number: number): string => `${count(number)} davor`,
    block: (height: number, miner: string, transactionCount: number, tip: boolean, side: boolean): string =>
      `Block ${count(height)}${tip ? ', die Spitze' : ''}${side ? ', neben der Kette' : ''}, ` +
      `von ${miner}, ${transactions(transactionCount)}`,
    genesisBlock: 'Block 0: Genesis, gleich für alle in diesem Netz',
    mineNext: 'Den nächsten Block schürfen',
    mine: 'schürfen',
    mining: 'schürft',
    leftFor: (miner: string): string => `verlassen, weil im Zweig von ${miner} mehr Arbeit steckte`,
    lessWork: (number: number): string => (number === 1 ? 'weniger Arbeit' : `${blocks(number)}, weniger Arbeit`),
    empty: 'Bisher nur Genesis: Die Kette beginnt mit dem ersten Block, den jemand schürft.',
    emptyReading: 'Bisher nur Genesis. Den ersten Block schürfen: mit `cairn mine` oder hier, über die Adresse, die `cairn start` ' +
      'ausgegeben hat.',
  },

  news: {
    heading: 'Was geschieht',
    empty: 'Noch nichts. Blöcke, Zahlungen und Peers erscheinen hier, sobald sie kommen: einen Block schürfen, und er ist der erste.',
    mined: (who: string, height: number, transactionCount: number): string =>
      `${who} hat Block ${count(height)} geschürft, ${transactionCount === 0 ? 'leer' : `mit ${transactions(transactionCount)}`}`,
    caughtUp: (number: number, height: number): string => `${blocks(number)} aufgeholt, jetzt bei ${count(height)}`,
    switched: (out: number, into: number, miner: string): string =>
      `gewechselt zum Zweig von ${miner}, in dem mehr Arbeit steckt: ${blocks(out)} raus, ${count(into)} rein`,
    sent: (from: string, to: string, amount: number, fee: number): string =>
      `${from} hat ${count(amount)} an ${to} gesendet, Gebühr ${count(fee)}`,
    dropped: (id: string, reason: string): string => `Transaktion ${id} wartet nicht mehr: ${DROPPED[reason] ?? reason}`,
    joined: (who: string): string => `${who} ist dabei`,
    left: (who: string): string => `${who} ist weg`,
    back: (away: string): string => `dieser Knoten antwortet wieder, nach ${away}`,
  },

  blocks: {
    heading: 'Neueste Blöcke',
  },

  peers: {
    heading: 'Peers',
    empty: (network: string): string =>
      `Noch keine Peers. Auf einem anderen Rechner in diesem LAN \`cairn start --network ${network}\` ausführen, ` +
      'ohne Multicast mit der Adresse dieses Knotens:',
    latency: (ms: number): string => `${ms < 1 ? '< 1' : count(ms)} ms`,
    otherBranch: 'anderer Zweig',
    behind: (number: number): string => `${count(number)} zurück`,
    unknownHeight: 'Höhe unbekannt',
    since: (agent: string, address: string, time: string): string => `${agent} unter ${address}, verbunden seit ${time}`,
  },

  pending: {
    heading: 'Wartend, beste Gebühr zuerst',
    empty: 'Nichts wartet auf einen Block. Was gesendet wird, wartet hier, bis ein Block es aufnimmt.',
    amount: (amount: number, fee: number): string => `${count(amount)}, Gebühr ${count(fee)}`,
    more: (number: number): string => `und ${count(number)} weitere`,
  },

  lab: {
    heading: 'Das Labor',
    mine: 'Einen Block schürfen',
    mineButton: 'Block schürfen',
    create: 'Eine Transaktion anlegen',
    recipient: 'Empfänger',
    amount: 'Betrag',
    createButton: 'Transaktion anlegen',
    view: 'Die Blockchain ansehen',
    viewButton: 'Blockchain ansehen',
    needsToken: 'Braucht das Token: die Adresse öffnen, die `cairn start` ausgegeben hat.',
    waiting: 'Warten auf den Knoten\u00a0…',
    mineNote: 'Findet eine Nonce für die wartenden Transaktionen.',
    createNote: 'Sie wartet auf den nächsten Block.',
    viewNote: 'Jeder Block vom ersten an, als JSON.',
    more: (shown: number, all: number): string => `Mehr zeigen: ${count(shown)} von bisher ${blocksDative(all)}`,
    all: (number: number): string => (number === 1 ? 'Der einzige Block' : `Alle ${blocks(number)}`),
    failed: (status: number): string => `Der Knoten hat mit Status ${status} geantwortet.`,
    copy: 'JSON kopieren',
  },
}
